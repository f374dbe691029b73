import { namesOf } from './change-place.ts';
import { foldName, foldSegment } from './fold.ts';
import { walk } from './glob-walk.ts';
import {
  decideAccess,
  isWithin,
  mostSpecific,
  type PathPattern,
  type PathRule,
} from './path-rules.ts';

/** What decides reading where patterns are asked about each path, whether it exists or not. On Linux
 * they are looked for at the start instead (src/host/find-matches.ts). */
export interface ReadingRules {
  /** By real path. */
  paths: readonly PathRule[];
  /** Those of denyRead and allowRead; `base` is without symbolic links. */
  patterns: readonly PathPattern[];
}

/** Whether `path` is shown. What lies deepest decides, and a deny where two lie at one place; but of
 * two patterns the deny wins however deep the other one is met. */
export function mayRead({ paths, patterns }: ReadingRules, path: string): boolean {
  const rule = mostSpecific(paths, path);
  const at = rule ? depthOf(rule.path) : -1;
  const denied = deepestMatch(patterns, 'denyRead', path);
  if (denied >= at && denied >= 0) return false;
  const access = decideAccess(paths, path);
  if (access === 'read-write' || access === 'read-only') return true;
  const shown = deepestMatch(patterns, 'allowRead', path);
  /* What srt denies on its own gives way to the same path. */
  return shown > at || (shown === at && givesWay(rule));
}

/** The pattern or rule that hides the path; null where it is shown, or nothing else is. */
export function hiddenBy(rules: ReadingRules, path: string): PathPattern | PathRule | null {
  if (mayRead(rules, path)) return null;
  const pattern = rules.patterns.find(
    (one) => one.list === 'denyRead' && isWithin(path, one.base) && matchEnds(one, path).length > 0,
  );
  return pattern ?? mostSpecific(rules.paths, path) ?? null;
}

/** Whether the rule is one of srt's own, which an entry of the user about the same path lifts. */
export function givesWay(rule: PathRule | undefined): boolean {
  return rule?.source.where === null || rule?.list === 'private';
}

/** After how many names of the path a pattern of the list is met last, or -1. */
function deepestMatch(
  patterns: readonly PathPattern[],
  list: PathPattern['list'],
  path: string,
): number {
  const ends = patterns.flatMap((pattern) => {
    if (pattern.list !== list || !isWithin(path, pattern.base)) return [];
    return matchEnds(pattern, path);
  });
  return Math.max(-1, ...ends);
}

/** After how many names of the path the pattern is met, in any case of its letters. */
export function matchEnds(
  { base, rest }: Pick<PathPattern, 'base' | 'rest'>,
  path: string,
): number[] {
  const start = depthOf(base);
  const names = namesOf(path).slice(start).map(foldName);
  return walk(rest.map(foldSegment), names).complete.map((end) => start + end);
}

function depthOf(path: string): number {
  return namesOf(path).length;
}
