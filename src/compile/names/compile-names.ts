import { namesOf, segmentsOf } from '../../policy/change-place.ts';
import {
  type ChangePattern,
  type ChangePoint,
  type ChangeRules,
  isOpen,
} from '../../policy/change-rules.ts';
import type { Segment } from '../../policy/glob.ts';
import { isWithin } from '../../policy/path-rules.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { patternsOf } from '../../policy/protected-patterns.ts';
import { begin, type Compilation, deny, mark, protect, type Rule } from './compilation.ts';
import { encodeTree, type OwnNames } from './encode-names.ts';
import {
  compileOwnNames,
  HOME,
  HOME_AND_PROJECT,
  HOME_BRANCH,
  PROJECT,
  TOLD_BRANCH,
  USUAL_NAMES,
  USUAL_TOLD,
} from './own-names.ts';
import { addNode, type Branch, createTree, extend, Flag, joinNode } from './tree.ts';

/** What srt-init decides by, and what its reports mean by the number of a rule. */
export interface CompiledNames {
  /** The tree (native/files/tree.h). */
  encoded: Buffer;
  rules: readonly Rule[];
  /** Whether there is anything that mounts do not keep. */
  required: boolean;
}

const LITERAL: Branch = { folded: false, flags: 0 };
const NOTHING: OwnNames = { nodes: 0, encoded: Buffer.alloc(0) };

/** Says of every path what decideChange says of it. `usual` is what the build made of USUAL_NAMES, or
 * null where it is not at hand. */
export function compileNames(rules: ChangeRules, usual: OwnNames | null): CompiledNames {
  const roots = [
    ...rules.points.filter(isOpen).map(({ path }) => path),
    ...rules.patterns.filter(({ list }) => list === 'allowWrite').map(({ base }) => base),
  ];
  const required = roots.length > 0;
  const { names, own, more } = required
    ? ownNames(rules, usual)
    : { names: [], own: NOTHING, more: [] };
  const compiled = begin(createTree(own.nodes), names);
  for (const point of rules.points) addPoint(compiled, point);
  for (const pattern of rules.patterns) addPattern(compiled, pattern);
  if (required) {
    for (const name of more) addName(compiled, rules, name);
    addToldOfHome(compiled, rules);
    /* Below a private folder, or one of dependencies, it begins anew. */
    const starts = new Set(['/', ...roots]);
    const leadsHome = rules.protectedNames.some(
      (name) => isOfHome(name) && patternsOf(name).length > 0,
    );
    const homes = new Set(leadsHome ? rules.homes : []);
    for (const path of new Set([...starts, ...homes])) {
      const node = !homes.has(path) ? PROJECT : starts.has(path) ? HOME_AND_PROJECT : HOME;
      joinNode(compiled.tree, literal(compiled, path), node);
    }
  }
  return { encoded: encodeTree(compiled.tree, own), rules: compiled.rules, required };
}

/** Names of this machine alone may follow the usual ones. */
function ownNames({ protectedNames, handedOver }: ChangeRules, usual: OwnNames | null) {
  const more = protectedNames.slice(USUAL_NAMES.length);
  const isUsual =
    USUAL_NAMES.every((name, at) => protectedNames[at] === name) &&
    handedOver.length === USUAL_TOLD.length &&
    USUAL_TOLD.every((name, at) => handedOver[at] === name) &&
    more.every(isOfHome);
  if (usual && isUsual) return { names: [...USUAL_NAMES, ...USUAL_TOLD], own: usual, more };
  const own = compileOwnNames(protectedNames, handedOver);
  return { names: [...protectedNames, ...handedOver], own, more: [] };
}

function isOfHome({ within }: ProtectedName): boolean {
  return within === 'home';
}

function addName(compiled: Compilation, { homes }: ChangeRules, name: ProtectedName): void {
  for (const home of homes)
    for (const pattern of patternsOf(name))
      protect(compiled, literal(compiled, home), pattern, HOME_BRANCH);
}

/** By a way to the home folder of their own: a link on it is refused where names that are refused lead
 * through it, and not for what is told. */
function addToldOfHome(compiled: Compilation, { points, handedOver, homes }: ChangeRules): void {
  const { tree } = compiled;
  const patterns = handedOver.filter(isOfHome).flatMap(patternsOf);
  const begun = points.filter(({ access }) => access === 'private').map(({ path }) => path);
  for (const from of new Set(['/', ...begun])) {
    const within = [...new Set(homes)].filter((home) => isWithin(home, from));
    if (patterns.length === 0 || within.length === 0) continue;
    const start = addNode(tree, TOLD_BRANCH.flags);
    joinNode(tree, literal(compiled, from), start);
    for (const home of within) {
      const way = namesOf(home).slice(namesOf(from).length).map(asSegment);
      const end = extend(tree, start, way, { ...TOLD_BRANCH, folded: false });
      for (const pattern of patterns) protect(compiled, end, pattern, TOLD_BRANCH);
    }
  }
}

function literal({ tree }: Compilation, path: string): number {
  return extend(tree, 0, namesOf(path).map(asSegment), LITERAL);
}

function asSegment(name: string): Segment {
  return { type: 'name', name };
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

function addPattern(compiled: Compilation, pattern: ChangePattern): void {
  const { list, base, source, folded } = pattern;
  const from = literal(compiled, base);
  const end = extend(compiled.tree, from, segmentsOf(pattern), { folded, flags: 0 });
  if (list === 'denyWrite') deny(compiled, end, Flag.deny, source);
  else {
    mark(compiled, from, Flag.zone, source);
    mark(compiled, end, Flag.allow, source);
  }
}
