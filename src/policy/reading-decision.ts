import { namesOf } from './change-place.ts';
import { walk } from './glob-walk.ts';
import { FOLDED } from './name-comparison.ts';
import { allowing, denying, pathNames } from './path-names.ts';
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
export function mayRead(
  { paths, patterns }: ReadingRules,
  path: string,
  compared = FOLDED,
): boolean {
  const rule = mostSpecific(paths, path);
  const at = rule ? namesOf(rule.path).length : -1;
  const near = patterns.filter(({ base }) => isWithin(path, base));
  const ends = (list: PathPattern['list']) =>
    near.flatMap((one) => (one.list === list ? endsOf(one, path, rule, compared) : []));
  const denied = Math.max(-1, ...ends('denyRead'));
  if (denied >= at && denied >= 0) return false;
  const access = decideAccess(paths, path);
  if (access === 'read-write' || access === 'read-only') return true;
  const shown = Math.max(-1, ...ends('allowRead'));
  /* What srt denies on its own gives way to the same path. */
  return shown > at || (shown === at && givesWay(rule));
}

/** The pattern or rule that hides the path; null where it is shown, or nothing else is. */
export function hiddenBy(
  rules: ReadingRules,
  path: string,
  compared = FOLDED,
): PathPattern | PathRule | null {
  if (mayRead(rules, path, compared)) return null;
  const rule = mostSpecific(rules.paths, path);
  const at = rule ? namesOf(rule.path).length : 0;
  const pattern = rules.patterns.find(
    (one) => one.list === 'denyRead' && endsOf(one, path, rule, compared).some((end) => end >= at),
  );
  return pattern ?? rule ?? null;
}

/** Whether the rule is one of srt's own, which an entry of the user about the same path lifts. */
export function givesWay(rule: PathRule | undefined): boolean {
  return rule?.source.where === null || rule?.list === 'private';
}

/** After how many names of the path the pattern is met. Those that lead to `rule` are known. */
function endsOf(
  { list, base, rest }: PathPattern,
  path: string,
  rule: PathRule | undefined,
  compared = FOLDED,
): number[] {
  const names = pathNames(path, base, rule?.path ?? null);
  const fits = list.startsWith('deny') ? denying(compared) : allowing(compared);
  return walk(rest, names, fits).complete.map((end) => namesOf(base).length + end);
}
