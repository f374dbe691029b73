import { matchesName, type Pattern, type Segment } from './glob.ts';

/* A rule of a profile with an exception says of a path that something in it is meant and something in
 * it is excepted, not that these are the same. Where they can be two, the path is meant by what
 * follows. Patterns are those of protected names, folded. */

/** Whether the exception is about nothing but names that the pattern means: another one has no effect
 * where ends are judged apart. */
export function excepts(exception: Pattern, pattern: Pattern): boolean {
  const [name, wider] = [exception.at(-1), pattern.at(-1)];
  return isSame(exception.slice(0, -1), pattern.slice(0, -1)) && isPartOf(name, wider);
}

function isPartOf(name: Segment | undefined, wider: Segment | undefined): boolean {
  if (!name || !wider) return false;
  if (isAny(wider)) return true;
  return name.type === 'name' && wider.type !== 'deep' && matchesName(wider, name.name);
}

/** What a pattern means twice: at different places of one path. */
export function twice(pattern: Pattern): Pattern[] {
  /* What is met twice behind a `**` is so behind the first of what leads there. */
  const deep = pattern.findLastIndex(({ type }) => type === 'deep');
  const second = pattern.slice(deep + 1);
  return [
    [...pattern, { type: 'deep' } as const, ...second],
    ...second.slice(1).flatMap((_, at) => overlapping(pattern, second, at + 1)),
  ];
}

/** The second begins with the last `shared` names of the first. */
function overlapping(first: Pattern, second: Pattern, shared: number): Pattern[] {
  const common = first.slice(-shared).map((segment, at) => both(segment, second[at] as Segment));
  if (common.includes(null)) return [];
  return [[...first.slice(0, -shared), ...(common as Segment[]), ...second.slice(shared)]];
}

/** What fits both, or, of two unlike wildcards, a little more; null for nothing. */
function both(one: Segment, other: Segment): Segment | null {
  if (isAny(one) || isSame(one, other)) return other;
  if (isAny(other)) return one;
  const [name, wider] = one.type === 'name' ? [one, other] : [other, one];
  if (name.type !== 'name') return other;
  return matchesName(wider, name.name) ? name : null;
}

function isAny(segment: Segment): boolean {
  return segment.type === 'pattern' && segment.parts.every(({ type }) => type === 'any');
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
