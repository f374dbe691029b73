import { namesOf } from '../../policy/change-place.ts';
import type { ChangeRules } from '../../policy/change-rules.ts';
import type { Pattern } from '../../policy/glob.ts';
import { ANYWHERE, anchorsOf } from '../../policy/judged-apart.ts';
import { isWithin } from '../../policy/path-rules.ts';
import { isReadOtherwise, mayFit, walkKnown } from './known-folder.ts';
import { namesIn } from './pattern-scope.ts';
import type { Scope } from './scoped-filters.ts';

/** A pattern of a name, and whether a rule denies by it or makes an exception. */
export interface Read {
  pattern: Pattern;
  kind: 'denies' | 'allows';
}

/** Where names count at any depth. Folders of allowWrite in what they mean are lifted. */
export function treeScope(rules: ChangeRules, reads: readonly Read[]): Scope {
  const begin = beginningsOf(reads);
  const isLifted = (folder: string) => {
    const names = namesOf(folder);
    const near = new Set(names.flatMap(begin));
    return [...near].some(({ pattern, kind }) => {
      const begun = [ANYWHERE, ...pattern];
      return walkKnown(begun, names).complete.length > 0 || isReadOtherwise(begun, names, kind);
    });
  };
  return {
    base: '/',
    lifted: rootsOf(rules).filter(isLifted).sort(),
    left: (pattern, folder) => walkKnown(pattern, namesOf(folder)).left,
  };
}

/** Where names count from a home folder; null where nothing that they mean can be written. */
export function homeScope(
  rules: ChangeRules,
  home: string,
  reads: readonly Read[],
): { scope: Scope; meant: ReadonlySet<Pattern> } | null {
  const anchors = anchorsOf(rules);
  const inside = anchors.filter((anchor) => anchor !== home && isWithin(anchor, home));
  const isWhole = anchors.some((anchor) => isWithin(home, anchor));
  const begin = beginningsOf(reads);
  const lifted = new Set<string>();
  const meant = new Set(isWhole ? reads.map(({ pattern }) => pattern) : []);
  const roots = new Set(rootsOf(rules));
  for (const anchor of inside) {
    const names = namesIn(home, anchor);
    for (const { pattern, kind } of begin(names[0] ?? '')) {
      const { complete, left } = walkKnown(pattern, names);
      const isOther = isReadOtherwise(pattern, names, kind);
      if (roots.has(anchor) && (complete.length > 0 || isOther)) lifted.add(anchor);
      const isMet = left.length > 0 || (!roots.has(anchor) && (complete.length > 0 || isOther));
      if (isMet) meant.add(pattern);
    }
  }
  const left: Scope['left'] = (pattern, folder) => walkKnown(pattern, namesIn(home, folder)).left;
  return meant.size === 0
    ? null
    : { scope: { base: home, lifted: [...lifted].sort(), left }, meant };
}

function rootsOf({ points }: ChangeRules): string[] {
  return points.filter(({ access }) => access === 'read-write').map(({ path }) => path);
}

export function outermostOf(folders: readonly string[]): string[] {
  const known = new Set(folders);
  const above = (path: string) => {
    const names = namesOf(path);
    return names.map((_, at) => `/${names.slice(0, at).join('/')}`);
  };
  return folders.filter((folder) => !above(folder).some((one) => known.has(one)));
}

/** The patterns that a name may begin. */
function beginningsOf(reads: readonly Read[]): (name: string) => readonly Read[] {
  const known = new Map<string, readonly Read[]>();
  return (name) => {
    const found =
      known.get(name) ?? reads.filter(({ pattern: [first] }) => first && mayFit(first, name));
    known.set(name, found);
    return found;
  };
}
