import { namesOf } from '../../policy/change-place.ts';
import type { ChangeRules } from '../../policy/change-rules.ts';
import { foldName } from '../../policy/fold.ts';
import { matchesName } from '../../policy/glob.ts';
import { walk } from '../../policy/glob-walk.ts';
import { anchorsOf } from '../../policy/judged-apart.ts';
import { isWithin } from '../../policy/path-rules.ts';
import type { Pattern, Scope } from './scoped-filters.ts';

const ANYWHERE = { type: 'deep' } as const;

/** Where names count at any depth. Folders of allowWrite in what they mean are lifted. */
export function treeScope(rules: ChangeRules, patterns: readonly Pattern[]): Scope {
  const begin = beginningsOf(patterns);
  const walked = (pattern: Pattern, folder: string) =>
    walk([ANYWHERE, ...pattern], foldedNames(folder, '/'));
  const isLifted = (folder: string) => {
    const near = new Set(foldedNames(folder, '/').flatMap(begin));
    return [...near].some((pattern) => walked(pattern, folder).complete.length > 0);
  };
  return {
    base: '/',
    lifted: rootsOf(rules).filter(isLifted).sort(),
    left: (pattern, folder) => walk(pattern, foldedNames(folder, '/')).left,
  };
}

/** Where names count from a home folder; null where nothing that they mean can be written. */
export function homeScope(
  rules: ChangeRules,
  home: string,
  patterns: readonly Pattern[],
): { scope: Scope; patterns: Pattern[] } | null {
  const anchors = anchorsOf(rules);
  const left = (pattern: Pattern, folder: string) => walk(pattern, foldedNames(folder, home)).left;
  const inside = anchors.filter((anchor) => anchor !== home && isWithin(anchor, home));
  const isWhole = anchors.some((anchor) => isWithin(home, anchor));
  const begin = beginningsOf(patterns);
  const lifted = new Set<string>();
  const meant = new Set<Pattern>();
  const roots = new Set(rootsOf(rules));
  for (const anchor of inside) {
    const names = foldedNames(anchor, home);
    for (const pattern of begin(names[0] ?? '')) {
      const { complete, left: more } = walk(pattern, names);
      if (complete.length > 0 && roots.has(anchor)) lifted.add(anchor);
      if (more.length > 0 || (complete.length > 0 && !roots.has(anchor))) meant.add(pattern);
    }
  }
  const some = patterns.filter((pattern) => isWhole || meant.has(pattern));
  return some.length === 0
    ? null
    : { scope: { base: home, lifted: [...lifted].sort(), left }, patterns: some };
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

function foldedNames(path: string, from: string): string[] {
  return namesOf(path).slice(namesOf(from).length).map(foldName);
}

/** The patterns that a name may begin. */
function beginningsOf(patterns: readonly Pattern[]): (name: string) => readonly Pattern[] {
  const known = new Map<string, readonly Pattern[]>();
  return (name) => {
    const found =
      known.get(name) ?? patterns.filter(([first]) => first && matchesName(first, name));
    known.set(name, found);
    return found;
  };
}
