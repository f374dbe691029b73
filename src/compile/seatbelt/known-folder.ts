import type { Pattern } from '../../policy/glob.ts';
import { type Walk, walk } from '../../policy/glob-walk.ts';
import { EXPRESSIONS, FOLDED, isTakenAsItIs } from '../../policy/name-comparison.ts';

/* A folder that the settings name is compared as it is, with no need to err. An expression over a
 * whole path cannot tell its names from others: where it would take them for something else, the
 * folder is lifted out, and what is left of the pattern there is looked for below it. */

/** How far a pattern gets along the names of a folder. */
export function walkKnown(pattern: Pattern, names: readonly string[]): Walk {
  return walk(pattern, names, FOLDED.denies);
}

/** Whether an expression, however its engine counts, takes the names for something else. */
export function isReadOtherwise(
  pattern: Pattern,
  names: readonly string[],
  kind: 'denies' | 'allows',
): boolean {
  if (pattern.every((segment) => names.every((name) => isTakenAsItIs(segment, name)))) return false;
  const known = shapeOf(walkKnown(pattern, names));
  return Object.values(EXPRESSIONS).some(
    (compared) => shapeOf(walk(pattern, names, compared[kind])) !== known,
  );
}

function shapeOf({ left, complete }: Walk): string {
  return JSON.stringify([left.map(({ length }) => length), complete]);
}

/** Whether a name may be what a segment means, in any of the ways in which it can be compared. */
export function mayFit(segment: Pattern[number], name: string): boolean {
  const others = isTakenAsItIs(segment, name) ? [] : Object.values(EXPRESSIONS);
  return [FOLDED, ...others].some(({ denies }) => denies(segment, name));
}
