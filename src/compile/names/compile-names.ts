import { namesOf, segmentsOf } from '../../policy/change-place.ts';
import {
  type ChangePattern,
  type ChangePoint,
  type ChangeRules,
  DEPENDENCY_FOLDERS,
} from '../../policy/change-rules.ts';
import { foldName } from '../../policy/fold.ts';
import type { Segment } from '../../policy/glob.ts';
import { isWithin } from '../../policy/path-rules.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { type ProtectedPattern, patternsOf } from '../../policy/protected-patterns.ts';
import type { Source } from '../../policy/source.ts';
import {
  addNode,
  type Branch,
  createTree,
  extend,
  Flag,
  joinNode,
  nodeAt,
  type Tree,
} from './tree.ts';

type Rule = Source | ProtectedName;

/** What srt-init decides by, and what its reports mean by the number of a rule. */
export interface CompiledNames {
  tree: Tree;
  rules: readonly Rule[];
  /** Whether there is anything that mounts do not keep. */
  required: boolean;
}

const LITERAL: Branch = { folded: false, flags: 0 };
const PROJECT: Branch = { folded: true, flags: Flag.project };

/** Says of every path what decideChange says of it. */
export function compileNames(rules: ChangeRules): CompiledNames {
  const compiled: Compilation = {
    tree: createTree(),
    rules: [],
    required: false,
    numbers: new Map(),
  };
  for (const point of rules.points) addPoint(compiled, point);
  for (const pattern of rules.patterns) addPattern(compiled, rules, pattern);
  const roots = [
    ...rules.points.filter(({ access }) => access === 'read-write').map(({ path }) => path),
    ...rules.patterns.filter(({ list }) => list === 'allowWrite').map(({ base }) => base),
  ];
  if (roots.length > 0) {
    protectRoots(compiled, rules, roots);
    compiled.required = true;
  }
  return compiled;
}

interface Compilation extends CompiledNames {
  rules: Rule[];
  numbers: Map<Rule, number>;
}

function literal({ tree }: Compilation, path: string): number {
  const segments = namesOf(path).map((name): Segment => ({ type: 'name', name }));
  return extend(tree, 0, segments, LITERAL);
}

/** The first rule of a node is the one that reports name. */
function mark(compiled: Compilation, node: number, flags: number, rule: Rule): void {
  const marked = nodeAt(compiled.tree, node);
  marked.flags |= flags;
  marked.rule ??= numberOf(compiled, rule);
}

const DENIAL = Flag.deny | Flag.own | Flag.file;
/* A node has one denial: of two, the one that holds in more cases. */
const STRENGTH = [Flag.deny | Flag.own | Flag.file, Flag.deny | Flag.own, Flag.deny];

function deny(compiled: Compilation, node: number, flags: number, rule: Rule): void {
  const denied = nodeAt(compiled.tree, node);
  if (STRENGTH.indexOf(denied.flags & DENIAL) >= STRENGTH.indexOf(flags)) return;
  denied.flags = (denied.flags & ~DENIAL) | flags;
  denied.rule = numberOf(compiled, rule);
}

function numberOf({ rules, numbers }: Compilation, rule: Rule): number {
  const found = numbers.get(rule);
  if (found !== undefined) return found;
  numbers.set(rule, rules.length);
  return rules.push(rule) - 1;
}

function addPoint(compiled: Compilation, { path, access, source }: ChangePoint): void {
  const flags = {
    'read-write': Flag.root | Flag.allow,
    'read-only': Flag.deny | Flag.point | Flag.readOnly,
    masked: Flag.deny | Flag.point,
    'as-around': Flag.point,
    private: Flag.private,
  };
  mark(compiled, literal(compiled, path), flags[access], source);
}

function addPattern(compiled: Compilation, rules: ChangeRules, pattern: ChangePattern): void {
  const { list, base, source } = pattern;
  const from = literal(compiled, base);
  const branch = { folded: rules.caseInsensitive, flags: 0 };
  const end = extend(compiled.tree, from, segmentsOf(rules, pattern), branch);
  if (list === 'denyWrite') deny(compiled, end, Flag.deny, source);
  else {
    mark(compiled, from, Flag.zone, source);
    mark(compiled, end, Flag.allow, source);
  }
}

function protectRoots(compiled: Compilation, rules: ChangeRules, roots: readonly string[]): void {
  const { tree } = compiled;
  const { protectedNames, handedOver, homes } = rules;
  const refused = addStarts(
    tree,
    protectedNames.some(isOfHome) ? [...new Set(homes)].map((home) => literal(compiled, home)) : [],
    0,
  );
  /* What is told takes no part in refusals, so the two share no node. */
  const told = addStarts(
    tree,
    handedOver.some(isOfHome) ? toldHomes(compiled, rules) : [],
    Flag.told,
  );
  /* In this order: the others are there already where a root below brings the first back. */
  for (const next of [told.project, refused.anywhere, told.anywhere])
    joinNode(tree, refused.project, next);
  for (const name of DEPENDENCY_FOLDERS) {
    const folder = extend(tree, refused.project, [{ type: 'name', name: foldName(name) }], PROJECT);
    nodeAt(tree, folder).flags |= Flag.dependencies;
  }
  for (const name of protectedNames) addName(compiled, refused, name);
  for (const name of handedOver) addName(compiled, told, name);
  /* Below a private folder, or one of dependencies, it begins anew. */
  for (const path of new Set(['/', ...roots]))
    joinNode(tree, literal(compiled, path), refused.project);
}

function isOfHome({ within }: ProtectedName): boolean {
  return within === 'home';
}

/** Home folders by a way of their own: who replaces a folder on it by a link is not refused for what
 * is told alone. */
function toldHomes(compiled: Compilation, { points, homes }: ChangeRules): number[] {
  const { tree } = compiled;
  const begun = points.filter(({ access }) => access === 'private').map(({ path }) => path);
  return ['/', ...begun].flatMap((from) => {
    const within = [...new Set(homes)].filter((home) => isWithin(home, from));
    const start = addNode(tree, Flag.told);
    if (within.length > 0) joinNode(tree, literal(compiled, from), start);
    return within.map((home) => {
      const names = namesOf(home).slice(namesOf(from).length);
      const segments = names.map((name): Segment => ({ type: 'name', name }));
      return extend(tree, start, segments, { folded: false, flags: Flag.told });
    });
  });
}

/** The nodes that names count from: home folders, any folder, and any that is not of dependencies. */
interface Starts {
  homes: readonly number[];
  anywhere: number;
  project: number;
  /** Flags of all nodes from there on. */
  flags: number;
}

function addStarts(tree: Tree, homes: readonly number[], flags: number): Starts {
  const anywhere = addNode(tree, Flag.deep | flags);
  const project = addNode(tree, Flag.project | Flag.deep | flags);
  return { homes, anywhere, project, flags };
}

function addName(compiled: Compilation, starts: Starts, name: ProtectedName): void {
  const { homes, anywhere, project, flags } = starts;
  for (const pattern of patternsOf(name)) {
    if (name.within === 'home') {
      for (const home of homes) addEnd(compiled, home, pattern, flags);
    } else if (name.dependencies) addEnd(compiled, anywhere, pattern, flags);
    else addEnd(compiled, project, pattern, Flag.project | flags);
  }
}

function addEnd(
  compiled: Compilation,
  from: number,
  { kind, segments, name }: ProtectedPattern,
  flags: number,
): void {
  const end = extend(compiled.tree, from, segments, { folded: true, flags });
  if (kind === 'except') nodeAt(compiled.tree, end).flags |= Flag.own | Flag.except;
  else deny(compiled, end, Flag.deny | Flag.own | (kind === 'files' ? Flag.file : 0), name);
}
