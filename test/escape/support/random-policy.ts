import { createPathProbe, type PathFact } from '../../../src/host/paths.ts';
import { type Changed, decideChange } from '../../../src/policy/change-decision.ts';
import { namesOf } from '../../../src/policy/change-place.ts';
import type { ChangePattern } from '../../../src/policy/change-rules.ts';
import { matchesName, matchesPath } from '../../../src/policy/glob.ts';
import { decideAccess, isWithin, type PathRule } from '../../../src/policy/path-rules.ts';
import { PROTECTED_NAMES } from '../../../src/policy/protected-names.ts';
import { pathRules } from '../../../src/settings/path-rules.ts';
import type { PathEntry } from '../../../src/settings/settings.ts';
import { below, type RandomTree } from '../../support/random-tree.ts';
import { pick, type Random } from '../../support/seeded.ts';

export type Lists = Readonly<
  Record<'allowRead' | 'denyRead' | 'allowWrite' | 'denyWrite', readonly PathEntry[]>
>;

const WILD = ['*', '*.txt', '**/*.txt', 'a*', '?', '**/.env', '[a-c]*', '{a,b}/*', '*/c.txt', '.*'];

/** Rules about what is in the tree, and what is missing there. */
export function randomLists(random: Random, tree: RandomTree, root: string): Lists {
  /* JSON has no bytes. */
  const named = (paths: readonly string[]) => paths.filter((path) => !path.includes('\udcff'));
  const folders = ['', ...tree.folders];
  const all = [...folders, ...folders, ...named(tree.files)];
  const literal = (paths: readonly string[]) => {
    const path = pick(random, paths);
    return { path: path === '' ? root : `${root}/${path}`, literal: true } as const;
  };
  const missing = () => below(pick(random, folders), pick(random, ['new', 'new.txt', 'made/x']));
  const pattern = () => {
    const folder = pick(random, folders).replaceAll(/[*?[\]{}\\]/g, '\\$&');
    return `${root}/${below(folder, pick(random, WILD))}`;
  };
  const some = (limit: number, make: () => PathEntry) =>
    Array.from({ length: random(limit + 1) }, make);
  const links = tree.links.map(([path]) => path);
  return {
    denyRead: some(2, () => literal(random(4) === 0 ? [missing()] : [...all, ...links])),
    allowRead: some(2, () => literal(all)),
    allowWrite: [
      ...some(2, () => literal(all)),
      ...some(2, pattern),
      ...(random(3) > 0 ? [root] : []),
    ],
    denyWrite: [...some(2, () => literal([...all, ...links, missing()])), ...some(2, pattern)],
  };
}

/* All of them would take longer to judge than to enforce. */
const IN_FORCE = ['git-hooks', 'git-config', 'git-pointer', 'vscode', 'dotfiles', 'mcp'];

export function settingsOf(lists: Lists) {
  const off = PROTECTED_NAMES.map(({ name }) => name).filter((name) => !IN_FORCE.includes(name));
  return { filesystem: { ...lists, protect: { off } } };
}

/** What docs/settings.md says of these lists, put together without what srt makes of them. */
export function randomPolicy(lists: Lists, home: string) {
  const probe = createPathProbe();
  const listed = pathRules(
    { file: 'settings.json', settings: { filesystem: lists }, locate: () => '1' } as never,
    { home, cwd: '/' },
  );
  const real = (path: string) => probe(path) as Exclude<PathFact, { kind: 'unreachable' }>;
  const rules: PathRule[] = [];
  const patterns: ChangePattern[] = [];
  for (const entry of listed) {
    const fact = real('path' in entry ? entry.path : entry.base);
    const { list, source } = entry;
    for (const path of fact.links) rules.push({ list: 'denyWrite', path, source });
    if ('path' in entry) {
      const counts = fact.kind !== 'missing' || list === 'denyRead' || list === 'denyWrite';
      if (counts) rules.push({ ...entry, path: fact.real });
    } else if (list === 'denyWrite' || (list === 'allowWrite' && fact.kind === 'directory'))
      patterns.push({ ...entry, list, base: fact.real, folded: false });
  }
  const roots = rules.filter(({ list }) => list === 'allowWrite');
  const names = {
    points: roots.map(({ path, source }) => ({ path, source, access: 'read-write' as const })),
    patterns: patterns.filter(
      ({ list, base }) => list === 'allowWrite' && !roots.some(({ path }) => isWithin(base, path)),
    ),
    protectedNames: PROTECTED_NAMES.filter(({ name }) => IN_FORCE.includes(name)),
    homes: [home],
    handedOver: [],
  };
  const fits = (path: string, list: ChangePattern['list']) =>
    patterns.some(({ list: own, base, rest }) => {
      const beneath = isWithin(path, base) ? namesOf(path).slice(namesOf(base).length) : [];
      return (
        own === list &&
        beneath.some((_, at) => matchesPath(rest, beneath.slice(0, at + 1), matchesName))
      );
    });
  const covers = (path: string, list: PathRule['list']) =>
    rules.some((rule) => rule.list === list && isWithin(path, rule.path));
  return {
    mayRead: (path: string) => decideAccess(rules, path) !== 'masked',
    /** null where a link may be refused for what it could lead elsewhere. */
    mayChange(path: string, changed: Changed): boolean | null {
      if (decideAccess(rules, path) === 'masked') return false;
      if (covers(path, 'denyWrite') || fits(path, 'denyWrite')) return false;
      if (!covers(path, 'allowWrite') && !fits(path, 'allowWrite')) return false;
      if (decideChange(names, path, changed === 'link' ? 'file' : changed).allowed)
        return changed === 'link' ? null : true;
      return false;
    },
    /** A mount is there, which cannot be removed or moved whatever is allowed; or below. */
    isMounted: (path: string) => rules.some((rule) => isWithin(rule.path, path)),
  };
}
