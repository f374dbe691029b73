import type { Segment } from '../../policy/glob.ts';
import { type NameUnit, narrowUnits, wideUnits } from '../../policy/name-units.ts';

/* Expressions for one name: what src/policy/name-units.ts says of it, as text. */

type Named = Exclude<Segment, { type: 'deep' }>;

/** What errs by meaning more, for rules that deny. */
export function wideName(segment: Named): string {
  return written(wideUnits(segment));
}

/** What errs by meaning less, for rules that allow; null where that would be nothing. */
export function narrowName(segment: Named): string | null {
  const units = narrowUnits(segment);
  return units && written(units);
}

const ONE_OF_ALL = '[^/]';
const BEYOND = '[^ -~]';
/* What NFC puts together with an accent that follows it. */
const BASE = '[a-zA-Z<=>]';

function written(units: readonly NameUnit[]): string {
  /* No name is empty. */
  if (units.every(({ type }) => type === 'any')) return `${ONE_OF_ALL}+`;
  return units.map(unitRegex).join('');
}

function unitRegex(unit: NameUnit): string {
  switch (unit.type) {
    case 'any':
      return `${ONE_OF_ALL}*`;
    case 'one':
      return either([...oneOf(unit.of), ...(unit.beyond ? [`${BEYOND}+`] : [])]);
    case 'runs':
      return `${BASE}?${BEYOND}(${BASE}?${BEYOND})*`;
    case 'unseen':
      return `${BEYOND}*`;
    case 'joined': {
      const each = unit.letters.map(unitRegex).join('');
      if (unit.letters.length === 2) return either([each, `${BEYOND}+`]);
      const some = oneOf(unit.letters.map(({ of }) => of).join('')).join('');
      return either([each, `${some}*${BEYOND}(${some}|${BEYOND})*`]);
    }
    case 'exactly':
      return unit.text;
  }
}

function either(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? '') : `(${texts.join('|')})`;
}

/** A class of these characters; none for none. */
function oneOf(characters: string): string[] {
  const ranges = rangesOf(new Set(characters));
  const [first, second] = ranges;
  if (!first) return [];
  if (!second && first[0] === first[1]) return [alone(String.fromCharCode(first[0]))];
  /* Both cases of a letter are in an order that is easy to read. */
  const letter = String.fromCharCode(ranges.at(-1)?.[0] ?? 0);
  if (ranges.length === 2 && [...characters].length === 2 && /[a-z]/.test(letter))
    if (characters.includes(letter.toUpperCase())) return [`[${letter}${letter.toUpperCase()}]`];
  const texts = ranges.map(([from, to]) => {
    const ends = String.fromCharCode(from, to);
    return to === from ? ends.slice(1) : to === from + 1 ? ends : `${ends[0]}-${ends[1]}`;
  });
  return [`[${texts.join('')}]`];
}

/** Without a backslash. */
function alone(character: string): string {
  return /[.*+?(){}|$[]/.test(character) ? `[${character}]` : character;
}

/** A text in the case that it has: what the kernel knows from the disk. */
export function exactText(text: string): string {
  return [...text].map((letter) => (/[[\]\\^]/.test(letter) ? '[Z-_]' : alone(letter))).join('');
}

/** Runs of codes that follow each other. */
function rangesOf(characters: ReadonlySet<string>): [number, number][] {
  const runs: [number, number][] = [];
  for (const code of [...characters].map((one) => one.charCodeAt(0)).sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else runs.push([code, code]);
  }
  return runs;
}
