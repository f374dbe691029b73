import { foldName, foldSegment } from '../../policy/fold.ts';
import { matchesName, type Part, type Segment } from '../../policy/glob.ts';
import { foldedText } from './folded-pattern.ts';

/* Expressions for one name. Whether the engine counts bytes or characters, and how many backslashes
 * it wants, is told differently by everyone. So there is no backslash in any of them, and what is
 * beyond ASCII is only ever met as a whole run. */

type Named = Exclude<Segment, { type: 'deep' }>;

/** What errs by meaning more, for rules that deny. */
export function wideName(segment: Named): string {
  const parts: readonly Part[] =
    segment.type === 'name' ? [{ type: 'text', text: segment.name }] : segment.parts;
  /* No name is empty. */
  return isAny(parts) ? `${ONE_OF_ALL}+` : parts.map(widePart).join('');
}

/** What errs by meaning less, for rules that allow; null where that would be nothing. */
export function narrowName(segment: Named): string | null {
  const parts: readonly Part[] =
    segment.type === 'name' ? [{ type: 'text', text: segment.name }] : segment.parts;
  if (isAny(parts)) return `${ONE_OF_ALL}+`;
  const texts = parts.map(narrowPart);
  return texts.includes(null) ? null : texts.join('');
}

const ONE_OF_ALL = '[^/]';
const ANY = `${ONE_OF_ALL}*`;
const ONE = '[ -.0-~]';
const BEYOND_ASCII = '[^ -~]+';

function isAny(parts: readonly Part[]): boolean {
  return parts.every(({ type }) => type === 'any');
}

function widePart(part: Part): string {
  if (part.type === 'text') return foldedText(part.text);
  if (part.type === 'any') return ANY;
  if (part.type === 'one') return `(${ONE}|${BEYOND_ASCII})`;
  const ascii = asciiClass(part, true);
  /* k and s are also what two letters elsewhere fold to. */
  const isBeyond =
    part.negated || part.ranges.some(([, last]) => last > 0x7e) || /[ks]/i.test(membersOf(part));
  if (!isBeyond) return ascii ?? BEYOND_ASCII;
  return ascii === null ? BEYOND_ASCII : `(${ascii}|${BEYOND_ASCII})`;
}

function narrowPart(part: Part): string | null {
  if (part.type === 'any') return ANY;
  if (part.type === 'one') return ONE;
  if (part.type === 'set') return asciiClass(part, false);
  const letters = [...part.text].map(exactLetter);
  return letters.includes(null) ? null : letters.join('');
}

/** In both of its cases, but only those of ASCII. */
function exactLetter(letter: string): string | null {
  if (/[a-z]/i.test(letter)) return `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
  /* A half of a character, and what Node reads for bytes that are none, mean another name. */
  if (/[\\^\0\ufffd\p{Surrogate}]/u.test(letter)) return null;
  return /[.*+?(){}|$[]/.test(letter) ? `[${letter}]` : letter;
}

type CharacterSet = Part & { type: 'set' };

/** The characters of ASCII that can be shown and are in the set, in any case. */
function membersOf(part: CharacterSet): string {
  const segment = foldSegment({ type: 'pattern', parts: [part] });
  const codes = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));
  return codes
    .filter((character) => character !== '/' && matchesName(segment, foldName(character)))
    .join('');
}

/* What means something else at one of the ends of a range: `-` and `[\]^`. */
const AWKWARD = /[-[\\\]^]/;

/** A class of them; null for none. Awkward characters take their neighbours along, or are left out. */
function asciiClass(part: CharacterSet, wide: boolean): string | null {
  const members = membersOf(part);
  const withNeighbours = wide
    ? members.replace(/-/, ',-.').replace(/[[\\\]^]/, 'Z[\\]^_')
    : members;
  const ranges = rangesOf(new Set(withNeighbours)).flatMap(([first, last]) => {
    let [from, to] = [first, last];
    while (from <= to && AWKWARD.test(String.fromCharCode(from))) from++;
    while (from <= to && AWKWARD.test(String.fromCharCode(to))) to--;
    return from > to ? [] : [[from, to] as const];
  });
  const texts = ranges.map(([first, last]) => {
    const [from, to] = [String.fromCharCode(first), String.fromCharCode(last)];
    return last === first ? from : last === first + 1 ? from + to : `${from}-${to}`;
  });
  return texts.length === 0 ? null : `[${texts.join('')}]`;
}

/** Runs of codes that follow each other. */
function rangesOf(characters: ReadonlySet<string>): [number, number][] {
  const runs: [number, number][] = [];
  for (let code = 0x20; code < 0x7f; code++) {
    if (!characters.has(String.fromCharCode(code))) continue;
    const last = runs.at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else runs.push([code, code]);
  }
  return runs;
}
