import type { ChangeRules } from '../../policy/change-rules.ts';
import { passages } from '../../policy/judged-apart.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { patternsOf } from '../../policy/protected-patterns.ts';
import { unenforceable } from '../unenforceable.ts';
import { excepts, twice } from './excepted.ts';
import { WRITING } from './file-rules.ts';
import { homeScope, treeScope } from './protected-scope.ts';
import { comment, rule } from './rule-text.ts';
import { type Pattern, type Scope, scopedFilters } from './scoped-filters.ts';

/** A protected name, or as much of it as can be written, and where it counts. */
interface Placed {
  name: ProtectedName;
  scope: Scope;
  patterns: readonly { kind: 'paths' | 'files' | 'except'; segments: Pattern }[];
}

/** What protected names are refused, and the filters for the folders that lead to them. `carried`
 * is what counts at any depth along with those of any folder. */
export function protectedRules(
  rules: ChangeRules,
  carried: readonly Pattern[],
  tag: string,
): { denials: string[]; passages: string[]; tree: Scope } {
  const inTree = rules.protectedNames.filter(({ within }) => within === 'tree');
  const everywhere = inTree.flatMap(patternsOf).map(({ segments }) => segments);
  const tree = treeScope(rules, [...everywhere, ...carried]);
  const placed = [
    ...inTree.map((name): Placed => ({ name, scope: tree, patterns: patternsOf(name) })),
    ...rules.protectedNames
      .filter(({ within }) => within === 'home')
      .flatMap((name) => rules.homes.flatMap((home) => inHome(rules, name, home))),
  ];
  return {
    denials: placed.flatMap((one) => denial(one, tag)),
    passages: [...new Set(placed.flatMap(passageFilters))],
    tree,
  };
}

function inHome(rules: ChangeRules, name: ProtectedName, home: string): Placed[] {
  const patterns = patternsOf(name);
  const found = homeScope(
    rules,
    home,
    patterns.map(({ segments }) => segments),
  );
  if (!found) return [];
  const meant = new Set(found.patterns);
  return [{ name, scope: found.scope, patterns: patterns.filter((p) => meant.has(p.segments)) }];
}

const ANYWHERE = { type: 'deep' } as const;

function begun({ name }: Placed, pattern: Pattern): Pattern {
  return name.within === 'tree' ? [ANYWHERE, ...pattern] : pattern;
}

function denial(placed: Placed, tag: string): string[] {
  const { name, scope, patterns } = placed;
  const refuse = () => tooLong(name);
  const of = (kind: string) =>
    patterns.filter((one) => one.kind === kind).map(({ segments }) => segments);
  const wanted = { reach: 'beneath', refuse } as const;
  const exceptions = of('except');
  const isExcepted = (pattern: Pattern) => exceptions.some((one) => excepts(one, pattern));
  const plain = of('paths').filter((pattern) => !isExcepted(pattern));
  const excepted = of('paths').filter(isExcepted);
  const find = (some: readonly Pattern[], more: object = {}) =>
    scopedFilters(scope, {
      ...wanted,
      ...more,
      patterns: some.map((pattern) => begun(placed, pattern)),
    });
  const filters = [
    ...find([...plain, ...excepted.flatMap(twice)]),
    ...excepted.flatMap((pattern) =>
      find([pattern], {
        except: exceptions.filter((one) => excepts(one, pattern)).map((one) => begun(placed, one)),
      }),
    ),
    ...find(of('files'), { reach: 'alone', unless: ['(vnode-type DIRECTORY)'] }),
  ];
  return [comment(`${name.name}: ${name.reason}`), ...rule('deny', WRITING, filters, tag)];
}

function passageFilters(placed: Placed): string[] {
  const { name, scope, patterns } = placed;
  return scopedFilters(scope, {
    patterns: patterns.map(({ segments }) => begun(placed, segments)),
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
