import { matchesName, type Segment } from '../../policy/glob.ts';
import type { Pattern } from './scoped-filters.ts';

/* A rule with an exception says of a path that something in it is meant and something in it is
 * excepted, not that these are the same. Where they can be two, the path is meant by what follows. */

/** Whether the exception is about nothing but names that the pattern means: another one has no effect
 * here. */
export function excepts(exception: Pattern, pattern: Pattern): boolean {
  const [name, wider] = [exception.at(-1), pattern.at(-1)];
  const isAlike = JSON.stringify(exception.slice(0, -1)) === JSON.stringify(pattern.slice(0, -1));
  return isAlike && name !== undefined && wider !== undefined && isPartOf(name, wider);
}

function isPartOf(name: Segment, wider: Segment): boolean {
  if (wider.type === 'pattern' && wider.parts.every(({ type }) => type === 'any')) return true;
  return name.type === 'name' && wider.type !== 'deep' && matchesName(wider, name.name);
}

/** What a pattern means twice: at different places of one path. */
export function twice(pattern: Pattern): Pattern[] {
  const deep = pattern.findIndex(({ type }) => type === 'deep');
  const seconds = deep === -1 ? [pattern] : [pattern, pattern.slice(deep + 1)];
  return seconds.flatMap((second) => [
    [...pattern, { type: 'deep' } as const, ...second],
    ...second.slice(1).flatMap((_, at) => overlapping(pattern, second, at + 1)),
  ]);
}

/** The second begins with the last `shared` names of the first. */
function overlapping(first: Pattern, second: Pattern, shared: number): Pattern[] {
  if (shared > first.length) return [];
  const common = first.slice(-shared).map((segment, at) => both(segment, second[at] as Segment));
  if (common.includes(null)) return [];
  return [[...first.slice(0, -shared), ...(common as Segment[]), ...second.slice(shared)]];
}

/** What fits both, or a little more; null for nothing. */
function both(one: Segment, other: Segment): Segment | null {
  if (one.type === 'name' && other.type === 'name') return one.name === other.name ? one : null;
  return one.type === 'name' ? one : other;
}
