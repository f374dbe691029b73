import type { Segment } from './glob.ts';
import type { Source } from './source.ts';

export type PathList = 'allowRead' | 'denyRead' | 'allowWrite' | 'denyWrite' | 'private';

/** A literal path of one list; `private` is a folder that the sandbox gets for itself. */
export interface PathRule {
  list: PathList;
  /** Absolute and normalised. Once resolved by the host probe: without symbolic links. */
  path: string;
  source: Source;
}

/** A pattern of one list: what fits `rest` below `base`, an absolute and normalised path. */
export interface PathPattern {
  list: Exclude<PathList, 'private'>;
  base: string;
  rest: readonly Segment[];
  source: Source;
}

/** `masked`: neither readable nor writable. `private`: the sandbox's own empty folder. */
export type Access = 'read-write' | 'read-only' | 'masked' | 'private';

/** True when `path` is `folder` or lies beneath it. Both absolute and normalised. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** At one and the same path the earlier list wins: a tie is a deny, except that what the user
 * re-opens beats what srt denies on its own, and a private folder shows nothing to deny. */
function precedence(rule: PathRule): number {
  const builtIn = rule.source.where === null;
  if (rule.list === 'denyRead') return builtIn ? 2 : 4;
  if (rule.list === 'allowRead') return 3;
  if (rule.list === 'allowWrite') return 1;
  return 0;
}

/** The rule that decides about reading: the nearest one at the path or above it. */
export function mostSpecific(rules: readonly PathRule[], path: string): PathRule | undefined {
  let best: PathRule | undefined;
  for (const rule of rules) {
    if (rule.list === 'denyWrite' || !isWithin(path, rule.path)) continue;
    const closer = rule.path.length - (best?.path.length ?? -1);
    if (!best || closer > 0 || (closer === 0 && precedence(rule) > precedence(best))) best = rule;
  }
  return best;
}

/** What the sandbox may do with `path`, which like the rules must be without symbolic links.
 * A write root re-opens for reading as allowRead does: nothing can be written unseen. */
export function decideAccess(rules: readonly PathRule[], path: string): Access {
  const reading = mostSpecific(rules, path);
  if (reading?.list === 'private') return 'private';
  if (reading?.list === 'denyRead') return isPrivateHere(rules, reading) ? 'private' : 'masked';
  const covers = (list: PathList) => rules.some((r) => r.list === list && isWithin(path, r.path));
  return covers('allowWrite') && !covers('denyWrite') ? 'read-write' : 'read-only';
}

function isPrivateHere(rules: readonly PathRule[], deny: PathRule): boolean {
  return rules.some((rule) => rule.list === 'private' && rule.path === deny.path);
}
