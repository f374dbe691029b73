import { foldName, foldSegment } from './fold.ts';
import { matchesName, type Part, type Segment } from './glob.ts';
import { spellOut } from './several-letters.ts';

/* What an expression of a Seatbelt profile can say of one name. Whether its engine counts bytes or
 * characters, and how many backslashes it wants, is told differently by everyone. So it has no
 * backslash, and what is beyond the ASCII that can be shown is only met as whole runs. What denies
 * errs by meaning more, and what allows by meaning less. */

export type OneOf = { type: 'one'; of: string; beyond: boolean };

export type NameUnit =
  /** Any number of any characters. */
  | { type: 'any' }
  /** One of these characters of ASCII, or, where `beyond`, a run. */
  | OneOf
  /** Runs, before each of which may be one letter that its first accent belongs to. */
  | { type: 'runs' }
  /** A run that may be missing. */
  | { type: 'unseen' }
  /** Letters, some of which one character beyond ASCII may stand for together: "ﬁ". */
  | { type: 'joined'; letters: readonly OneOf[] }
  /** Itself and nothing else. */
  | { type: 'exactly'; text: string };

type Named = Exclude<Segment, { type: 'deep' }>;

/** What errs by meaning more. */
export function wideUnits(segment: Named): readonly NameUnit[] {
  return partsOf(segment).flatMap((part): readonly NameUnit[] => {
    if (part.type === 'any') return [part];
    if (part.type === 'text') return wideText(part.text);
    if (part.type === 'one') return [{ type: 'one', of: SHOWN, beyond: true }];
    const of = withNeighbours(membersOf(part));
    const beyond = part.negated || part.ranges.some(isBeyondAscii) || STANDS_FOR.test(of);
    return [{ type: 'one', of, beyond: beyond || of === '' }];
  });
}

/** What errs by meaning less; null where that would be nothing. */
export function narrowUnits(segment: Named): readonly NameUnit[] | null {
  const units = partsOf(segment).flatMap((part): readonly (NameUnit | null)[] => {
    if (part.type === 'any') return [part];
    if (part.type === 'text') return [...part.text].map(exactLetter);
    if (part.type === 'one') return [{ type: 'one', of: SHOWN, beyond: false }];
    const of = withoutAwkward(membersOf(part));
    return [of === '' ? null : { type: 'one', of, beyond: false }];
  });
  return units.every((unit) => unit !== null) ? units : null;
}

/** Whether names of the ASCII that can be shown are taken as they are: no part of it errs about them. */
export function isPlain(segment: Named): boolean {
  return partsOf(segment).every((part) => {
    if (part.type === 'text') return /^[ -Z_-~]*$/.test(part.text);
    return part.type !== 'set' || !AWKWARD_ALONE.test(membersOf(part));
  });
}

function partsOf(segment: Named): readonly Part[] {
  return segment.type === 'name' ? [{ type: 'text', text: segment.name }] : segment.parts;
}

/** The characters of ASCII that a name can have and that can be shown. */
const SHOWN = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at))
  .filter((character) => character !== '/')
  .join('');

/* One character beyond ASCII folds to each of these (U+017F, U+212A), or is the same by its canonical
 * form (U+037E, U+1FEF). */
const STANDS_FOR = /[ks;`]/i;

const TOKEN = /([\u{80}-\u{10ffff}]+)|([fF]+[iIlL]|[fF]{2,}|[sS]+[tT]|[sS]{2,})|[\s\S]/gu;

function wideText(text: string): NameUnit[] {
  const spelled = spellOut(text).replaceAll('\u017f', 's');
  return [...spelled.normalize('NFC').matchAll(TOKEN)].map(([token, run, joined]): NameUnit => {
    if (run) return { type: foldName(run) === '' ? 'unseen' : 'runs' };
    if (joined) return { type: 'joined', letters: [...joined].map(wideLetter) };
    return wideLetter(token);
  });
}

function wideLetter(letter: string): OneOf {
  const of = BRACKETS.slice(1, -1).includes(letter) ? BRACKETS : bothCases(letter);
  return { type: 'one', of, beyond: STANDS_FOR.test(letter) };
}

function exactLetter(letter: string): NameUnit | null {
  /* A half of a character, and what Node reads for bytes that are none, mean another name. */
  if (/[\\^\0\ufffd\p{Surrogate}]/u.test(letter)) return null;
  if (letter > '\u007f') return { type: 'exactly', text: letter };
  return { type: 'one', of: bothCases(letter), beyond: false };
}

function bothCases(letter: string): string {
  return /[a-z]/i.test(letter) ? letter.toLowerCase() + letter.toUpperCase() : letter;
}

function isBeyondAscii([first, last]: readonly [number, number]): boolean {
  return first < 0x20 || last > 0x7e;
}

/** Of ASCII, those in the set, in any case. */
function membersOf(part: Part & { type: 'set' }): string {
  const segment = foldSegment({ type: 'pattern', parts: [part] });
  return [...SHOWN].filter((character) => matchesName(segment, foldName(character))).join('');
}

/* At an end of a range, or by themselves, the inner ones would mean something else between brackets:
 * they can only be said along with those on both sides. */
const HYPHEN = ',-.';
const BRACKETS = 'Z[\\]^_';
const AWKWARD = [HYPHEN, BRACKETS];
const AWKWARD_ALONE = /[-[\]\\^]/;

function withNeighbours(characters: string): string {
  const isMet = (group: string) => [...group.slice(1, -1)].some((one) => characters.includes(one));
  return [...new Set(characters + AWKWARD.filter(isMet).join(''))].sort().join('');
}

function withoutAwkward(characters: string): string {
  const whole = (group: string) => [...group].every((one) => characters.includes(one));
  const awkward = AWKWARD.filter((group) => !whole(group)).map((group) => group.slice(1, -1));
  return [...characters].filter((one) => !awkward.some((some) => some.includes(one))).join('');
}
