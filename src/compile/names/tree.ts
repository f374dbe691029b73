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

/** The tree under construction. */
export interface Tree {
  /** Node 0 is `/`. */
  root: TreeNode;
  /** How many nodes behind it are known elsewhere; they can only be joined. */
  reserved: number;
  /** Those behind these. */
  nodes: TreeNode[];
}

export function createTree(reserved: number): Tree {
  return { root: createNode(0), reserved, nodes: [] };
}

function createNode(flags: number): TreeNode {
  return { flags, rule: null, also: null, names: new Map(), folded: new Map(), patterns: [] };
}

export function addNode({ reserved, nodes }: Tree, flags: number): number {
  return reserved + nodes.push(createNode(flags));
}

function isReserved({ reserved }: Tree, index: number): boolean {
  return index > 0 && index <= reserved;
}

export function nodeAt({ root, reserved, nodes }: Tree, index: number): TreeNode {
  const node = index === 0 ? root : nodes[index - reserved - 1];
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
  for (let at = next(tree, from); at !== null; at = next(tree, at)) {
    if (nodeAt(tree, at).flags === (flags | Flag.deep)) return at;
  }
  const made = addNode(tree, flags | Flag.deep);
  joinNode(tree, from, made);
  return made;
}

/** What is reached along with a node, as far as this tree knows of it. */
function next(tree: Tree, index: number): number | null {
  const { also } = nodeAt(tree, index);
  return also === null || isReserved(tree, also) ? null : also;
}

/** Reaches `other` wherever `node` is reached. A reserved one is joined last. */
export function joinNode(tree: Tree, node: number, other: number): void {
  let at = node;
  for (let further = next(tree, at); further !== null; further = next(tree, at)) at = further;
  nodeAt(tree, at).also = other;
}
