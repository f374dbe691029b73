import type { PathFact } from '../host/paths.ts';
import { namesOf } from '../policy/change-place.ts';
import { coversPath } from '../policy/glob.ts';
import { decideAccess, isWithin, type PathPattern, type PathRule } from '../policy/path-rules.ts';

/** Those that open what fits them, by the real path that they begin at. */
export function openingPatterns(
  patterns: readonly PathPattern[],
  facts: ReadonlyMap<string, PathFact>,
): PathPattern[] {
  return patterns.flatMap((pattern) => {
    const fact = facts.get(pattern.base);
    return pattern.list === 'allowWrite' && fact?.kind === 'directory'
      ? [{ ...pattern, base: fact.real }]
      : [];
  });
}

/** Whether the command may change what has a path: a pattern of allowWrite opens it as a root does.
 * `rules` and `opening` are by real path. Patterns and names that deny are left out: a run of before
 * they were in the settings may have made what is there. */
export function writableBy(
  rules: readonly PathRule[],
  opening: readonly PathPattern[],
): (path: string) => boolean {
  const isWritable = (path: string) => {
    if (decideAccess(rules, path) === 'read-write') return true;
    return opening.some(({ list, base, rest, source }) => {
      if (!isWithin(path, base) || !coversPath(rest, namesOf(path.slice(base.length))))
        return false;
      const opened: PathRule = { list, path: base, source };
      return decideAccess([...rules, opened], path) === 'read-write';
    });
  };
  /* Fifty thousand rules below one link ask about it fifty thousand times. */
  const known = new Map<string, boolean>();
  return (path) => {
    const answer = known.get(path) ?? isWritable(path);
    known.set(path, answer);
    return answer;
  };
}
