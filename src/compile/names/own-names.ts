import { DEPENDENCY_FOLDERS } from '../../policy/change-rules.ts';
import { foldedName } from '../../policy/fold.ts';
import { handedOverNames } from '../../policy/handed-over-names.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { protectedNames } from '../../policy/protected-names.ts';
import { patternsOf } from '../../policy/protected-patterns.ts';
import { begin, protect } from './compilation.ts';
import { encodeNodes, type OwnNames } from './encode-names.ts';
import { addNode, type Branch, createTree, extend, Flag, joinNode, nodeAt } from './tree.ts';

/* Its first nodes, in the order in which they are made. */
/** Where names begin that count in a project, and along with it those that count everywhere. */
export const PROJECT = 1;
const ANYWHERE = 2;
/** The home folder. */
export const HOME = 3;
/** The same where PROJECT is reached along with it. */
export const HOME_AND_PROJECT = 4;

/* The same of names that are told. */
const TOLD_PROJECT = 5;
const TOLD_ANYWHERE = 6;

/** Of names below the home folder. */
export const HOME_BRANCH: Branch = { folded: true, flags: Flag.own };
export const TOLD_BRANCH: Branch = { folded: true, flags: Flag.own | Flag.told };
const BRANCHES = {
  [PROJECT]: { folded: true, flags: Flag.own | Flag.project },
  [ANYWHERE]: { folded: true, flags: Flag.own },
  [HOME]: HOME_BRANCH,
  [TOLD_PROJECT]: { folded: true, flags: Flag.own | Flag.project | Flag.told },
  [TOLD_ANYWHERE]: TOLD_BRANCH,
} as const;

/** Where `filesystem.protect` says nothing. */
export const USUAL_NAMES: readonly ProtectedName[] = protectedNames([], []);
export const USUAL_TOLD: readonly ProtectedName[] = handedOverNames(USUAL_NAMES);

/** The number of a rule is its place in `names`, and behind them in `told`. Where the home folder is
 * matters to those that are told: they are left out. */
export function compileOwnNames(
  names: readonly ProtectedName[],
  told: readonly ProtectedName[],
): OwnNames {
  const tree = createTree(0);
  const compiled = begin(tree, [...names, ...told]);
  const project = addNode(tree, BRANCHES[PROJECT].flags | Flag.deep);
  const anywhere = addNode(tree, BRANCHES[ANYWHERE].flags | Flag.deep);
  const home = addNode(tree, BRANCHES[HOME].flags);
  const both = addNode(tree, BRANCHES[HOME].flags);
  /* What is told takes no part in refusals, so the two share no node. */
  const toldProject = addNode(tree, BRANCHES[TOLD_PROJECT].flags | Flag.deep);
  const toldAnywhere = addNode(tree, BRANCHES[TOLD_ANYWHERE].flags | Flag.deep);
  /* In this order: the last two are there already where a root below brings the others back. */
  for (const node of [toldProject, anywhere, toldAnywhere]) joinNode(tree, project, node);
  joinNode(tree, both, project);
  for (const folder of DEPENDENCY_FOLDERS) {
    const node = extend(tree, project, [foldedName(folder)], BRANCHES[PROJECT]);
    nodeAt(tree, node).flags |= Flag.dependencies;
  }
  for (const name of names) {
    const from = name.within === 'home' ? HOME : name.dependencies ? ANYWHERE : PROJECT;
    for (const pattern of patternsOf(name)) protect(compiled, from, pattern, BRANCHES[from]);
  }
  for (const name of told.filter(({ within }) => within === 'tree')) {
    const from = name.dependencies ? TOLD_ANYWHERE : TOLD_PROJECT;
    for (const pattern of patternsOf(name)) protect(compiled, from, pattern, BRANCHES[from]);
  }
  const { names: exact, folded, patterns } = nodeAt(tree, home);
  Object.assign(nodeAt(tree, both), { names: exact, folded, patterns });
  return { nodes: tree.nodes.length, encoded: encodeNodes(tree.nodes) };
}
