import type { ChangeRules } from '../../policy/change-rules.ts';
import type { Pattern } from '../../policy/glob.ts';
import { ANYWHERE, passages } from '../../policy/judged-apart.ts';
import { type ApartPattern, deniedApart } from '../../policy/protected-apart.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { patternsOf } from '../../policy/protected-patterns.ts';
import { unenforceable } from '../unenforceable.ts';
import { WRITING } from './file-rules.ts';
import { homeScope, type Read, treeScope } from './protected-scope.ts';
import { comment, rule } from './rule-text.ts';
import { type Scope, scopedFilters } from './scoped-filters.ts';

/** A protected name, or as much of it as can be written, and where it counts. */
interface Placed extends Parts {
  name: ProtectedName;
  scope: Scope;
}

interface Parts {
  denied: readonly ApartPattern[];
  files: readonly Pattern[];
  /** All that folders may lead to, exceptions too. */
  kept: readonly Pattern[];
}

/** What protected names are refused, and the filters for the folders that lead to them. `carried`
 * is what counts at any depth along with those of any folder. */
export function protectedRules(
  rules: ChangeRules,
  carried: readonly Pattern[],
  tag: string,
): { denials: string[]; passages: string[]; tree: Scope } {
  const of = (within: string) => rules.protectedNames.filter((name) => name.within === within);
  const inTree = of('tree').map((name) => ({ name, parts: partsOf(name) }));
  const tree = treeScope(rules, [
    ...inTree.flatMap(({ parts }) => readsOf(parts)),
    ...carried.map((pattern): Read => ({ pattern, kind: 'denies' })),
  ]);
  const placed = [
    ...inTree.map(({ name, parts }): Placed => ({ name, scope: tree, ...parts })),
    ...of('home').flatMap((name) => rules.homes.flatMap((home) => inHome(rules, name, home))),
  ];
  return {
    denials: placed.flatMap((one) => denial(one, tag)),
    passages: [...new Set(placed.flatMap(passageFilters))],
    tree,
  };
}

function partsOf(name: ProtectedName): Parts {
  const patterns = patternsOf(name);
  return {
    denied: deniedApart(name),
    files: patterns.filter(({ kind }) => kind === 'files').map(({ segments }) => segments),
    kept: patterns.map(({ segments }) => segments),
  };
}

function readsOf({ denied, kept }: Parts): Read[] {
  const denying = [...denied.map(({ pattern }) => pattern), ...kept];
  const allowing = denied.flatMap(({ except }) => except);
  return [
    ...[...new Set(denying)].map((pattern): Read => ({ pattern, kind: 'denies' })),
    ...[...new Set(allowing)].map((pattern): Read => ({ pattern, kind: 'allows' })),
  ];
}

function inHome(rules: ChangeRules, name: ProtectedName, home: string): Placed[] {
  const parts = partsOf(name);
  const found = homeScope(rules, home, readsOf(parts));
  if (!found) return [];
  const isMeant = (pattern: Pattern) => found.meant.has(pattern);
  return [
    {
      ...{ name, scope: found.scope, files: parts.files.filter(isMeant) },
      denied: parts.denied.filter(({ pattern }) => isMeant(pattern)),
      kept: parts.kept.filter(isMeant),
    },
  ];
}

function begun({ name }: Placed, pattern: Pattern): Pattern {
  return name.within === 'tree' ? [ANYWHERE, ...pattern] : pattern;
}

function denial(placed: Placed, tag: string): string[] {
  const { name, scope, denied, files } = placed;
  const find = (some: readonly Pattern[], more: object = {}) =>
    scopedFilters(scope, {
      ...{ reach: 'beneath', refuse: () => tooLong(name), ...more },
      patterns: some.map((pattern) => begun(placed, pattern)),
    });
  const isPlain = ({ except }: ApartPattern) => except.length === 0;
  const filters = [
    ...find(denied.filter(isPlain).map(({ pattern }) => pattern)),
    ...denied
      .filter((one) => !isPlain(one))
      .flatMap(({ pattern, except }) =>
        find([pattern], { except: except.map((one) => begun(placed, one)) }),
      ),
    ...find(files, { reach: 'alone', unless: ['(vnode-type DIRECTORY)'] }),
  ];
  return [comment(`${name.name}: ${name.reason}`), ...rule('deny', WRITING, filters, tag)];
}

function passageFilters(placed: Placed): string[] {
  const { name, scope, kept } = placed;
  return scopedFilters(scope, {
    patterns: kept.map((pattern) => begun(placed, pattern)),
    as: passages,
    reach: 'alone',
    refuse: () => tooLong(name),
  });
}

function tooLong({ name }: ProtectedName): never {
  const source = { setting: 'filesystem.protect', typed: name, where: null };
  throw unenforceable(
    { source },
    'has a path that is too long for a rule of macOS',
    'make a smaller folder writable, or turn the name off in filesystem.protect.off',
  );
}
