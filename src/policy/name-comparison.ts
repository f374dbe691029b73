import { foldName, foldSegment } from './fold.ts';
import { matchesName, type Segment } from './glob.ts';
import { isPlain, type NameUnit, narrowUnits, type OneOf, wideUnits } from './name-units.ts';

/** Whether a name is what a segment means. */
export type Fits = (segment: Segment, name: string) => boolean;

/** How names are compared with what rules say, of those that deny and of those that allow. */
export interface NameComparison {
  denies: Fits;
  allows: Fits;
}

/** As file systems that ignore case do: what the policy says. */
export const FOLDED: NameComparison = { denies: fitsFolded, allows: fitsFolded };

const folded = remembered(foldSegment);

function fitsFolded(segment: Segment, name: string): boolean {
  return matchesName(folded(segment), foldName(name));
}

type Encode = (text: string) => string;

/** As expressions do, in each way in which their engine may count. */
export const EXPRESSIONS: Readonly<Record<'characters' | 'bytes', NameComparison>> = {
  characters: byExpressions((text) => text),
  bytes: byExpressions((text) => Buffer.from(text).toString('latin1')),
};

function byExpressions(encode: Encode): NameComparison {
  const fits =
    (unitsOf: (segment: Named) => readonly NameUnit[] | null): Fits =>
    (segment, name) => {
      if (isTakenAsItIs(segment, name)) return fitsFolded(segment, name);
      if (segment.type === 'deep') return true;
      const units = unitsOf(segment);
      return units !== null && takes(units, encode(name), encode);
    };
  return { denies: fits(remembered(wideUnits)), allows: fits(remembered(narrowUnits)) };
}

const plain = remembered(isPlain);

/** Whether no expression can take the name for something else. */
export function isTakenAsItIs(segment: Segment, name: string): boolean {
  return segment.type === 'deep' || (/^[ -~]*$/.test(name) && plain(segment));
}

type Named = Exclude<Segment, { type: 'deep' }>;

function remembered<S extends Segment, T>(make: (segment: S) => T): (segment: S) => T {
  const known = new WeakMap<S, { made: T }>();
  return (segment) => {
    const found = known.get(segment) ?? { made: make(segment) };
    known.set(segment, found);
    return found.made;
  };
}

function takes(units: readonly NameUnit[], name: string, encode: Encode): boolean {
  let ends = new Set([0]);
  for (const unit of units) {
    ends = new Set([...ends].flatMap((from) => endsOf(unit, name, from, encode)));
    if (ends.size === 0) return false;
  }
  return ends.has(name.length);
}

/** Where the unit may end that begins at `from`. */
function endsOf(unit: NameUnit, name: string, from: number, encode: Encode): number[] {
  switch (unit.type) {
    case 'any':
      return upTo(name.length, from);
    case 'one':
      return endsOfOne(unit, name, from);
    case 'unseen':
      return upTo(endOfRun(name, from), from);
    case 'runs':
      return endsOfRuns(name, from);
    case 'joined':
      return endsOfJoined(unit.letters, name, from);
    case 'exactly':
      return name.startsWith(encode(unit.text), from) ? [from + encode(unit.text).length] : [];
  }
}

function endsOfOne({ of, beyond }: OneOf, name: string, from: number): number[] {
  const character = name[from];
  if (character !== undefined && of.includes(character)) return [from + 1];
  return beyond ? upTo(endOfRun(name, from), from + 1) : [];
}

function endsOfRuns(name: string, from: number): number[] {
  const first = /[a-z<=>]/i.test(name[from] ?? '') ? from + 1 : from;
  const end = endOfRun(name, first);
  return upTo(end, first + 1).flatMap((at) => [at, ...(at === end ? endsOfRuns(name, at) : [])]);
}

/** Each of the letters; or one character for all of them; of three and more also for some of them. */
function endsOfJoined(letters: readonly OneOf[], name: string, from: number): number[] {
  let ends = [from];
  for (const letter of letters) ends = ends.flatMap((at) => endsOfOne(letter, name, at));
  if (letters.length === 2) return [...ends, ...upTo(endOfRun(name, from), from + 1)];
  const isPart = (at: number) => letters.some(({ of }) => of.includes(name[at] ?? '/'));
  for (let at = from, beyond = false; at < name.length; at++) {
    if (!isBeyond(name[at]) && !isPart(at)) break;
    beyond ||= isBeyond(name[at]);
    if (beyond) ends.push(at + 1);
  }
  return ends;
}

function endOfRun(name: string, from: number): number {
  let end = from;
  while (isBeyond(name[end])) end++;
  return end;
}

function isBeyond(character: string | undefined): boolean {
  return character !== undefined && (character < ' ' || character > '~');
}

function upTo(end: number, from: number): number[] {
  return Array.from({ length: Math.max(0, end - from + 1) }, (_, at) => from + at);
}
