import type { Segment } from '../../policy/glob.ts';

/** native/files/tree.h, enum node_flag. */
export const Flag = {
  deep: 1 << 0,
  deny: 1 << 1,
  readOnly: 1 << 2,
  point: 1 << 3,
  own: 1 << 4,
  file: 1 << 5,
  except: 1 << 6,
  root: 1 << 7,
  private: 1 << 8,
  zone: 1 << 9,
  allow: 1 << 10,
  project: 1 << 11,
  dependencies: 1 << 12,
  told: 1 << 13,
} as const;

export interface TreeNode {
  flags: number;
  /** Index in the list of rules, or null. */
  rule: number | null;
  /** A node that is reached along with this one. */
  also: number | null;
  /** By this very name, or by the folded one. */
  names: Map<string, number>;
  folded: Map<string, number>;
  patterns: { segment: Extract<Segment, { type: 'pattern' }>; folded: boolean; child: number }[];
}

/** The tree under construction; node 0 is `/`. */
export interface Tree {
  nodes: TreeNode[];
}

export function createTree(): Tree {
  const tree: Tree = { nodes: [] };
  addNode(tree, 0);
  return tree;
}

export function addNode({ nodes }: Tree, flags: number): number {
  nodes.push({
    flags,
    rule: null,
    also: null,
    names: new Map(),
    folded: new Map(),
    patterns: [],
  });
  return nodes.length - 1;
}

export function nodeAt({ nodes }: Tree, index: number): TreeNode {
  const node = nodes[index];
  if (!node) throw new Error(`no node ${index}`);
  return node;
}

export interface Branch {
  folded: boolean;
  /** Flags of every node that is made on the way. */
  flags: number;
}

/** The node that the segments lead to from another one; made as far as it is missing. */
export function extend(
  tree: Tree,
  from: number,
  segments: readonly Segment[],
  branch: Branch,
): number {
  return segments.reduce((at, segment) => child(tree, at, segment, branch), from);
}

function child(tree: Tree, from: number, segment: Segment, { folded, flags }: Branch): number {
  const node = nodeAt(tree, from);
  if (segment.type === 'deep') return deepBelow(tree, from, flags);
  if (segment.type === 'name') {
    const children = folded ? node.folded : node.names;
    const found = children.get(segment.name);
    if (found !== undefined) return found;
    const made = addNode(tree, flags);
    children.set(segment.name, made);
    return made;
  }
  const made = addNode(tree, flags);
  node.patterns.push({ segment, folded, child: made });
  return made;
}

/** The one node of a folder that stays however deep what follows lies. */
function deepBelow(tree: Tree, from: number, flags: number): number {
  for (let at = nodeAt(tree, from).also; at !== null; at = nodeAt(tree, at).also) {
    if (nodeAt(tree, at).flags === (flags | Flag.deep)) return at;
  }
  const made = addNode(tree, flags | Flag.deep);
  joinNode(tree, from, made);
  return made;
}

/** Reaches `other` wherever `node` is reached. Returns `other`. */
export function joinNode(tree: Tree, node: number, other: number): number {
  let at = nodeAt(tree, node);
  while (at.also !== null) at = nodeAt(tree, at.also);
  at.also = other;
  return other;
}
