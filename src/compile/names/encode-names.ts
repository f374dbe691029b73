import type { Part } from '../../policy/glob.ts';
import { encode, TEXT_OVERHEAD } from '../encode.ts';
import type { Tree, TreeNode } from './tree.ts';

/** The part of the tree that protected names are: no path is in it, so that of the usual names it is
 * made when srt is built. It comes behind node 0. */
export interface OwnNames {
  /** How many nodes. */
  nodes: number;
  encoded: Buffer;
}

/** All ones: no rule, no node. */
const NONE = 0xffff_ffff;

interface EncodedChild {
  folded: boolean;
  /** A name, or the tokens of a pattern. */
  bytes: Buffer;
  child: number;
}

/** The rules part of START (native/files/tree.h). */
export function encodeTree({ root, nodes }: Tree, own: OwnNames): Buffer {
  const count = encode(4, (out) => out.u32(1 + own.nodes + nodes.length));
  return Buffer.concat([count, encodeNodes([root]), own.encoded, encodeNodes(nodes)]);
}

/** Nodes one after the other, without their number. */
export function encodeNodes(nodes: readonly TreeNode[]): Buffer {
  const parts = nodes.map((node) => ({
    node,
    names: [...childrenOf(node.names, false), ...childrenOf(node.folded, true)],
    patterns: node.patterns.map(({ segment, folded, child }) => ({
      folded,
      child,
      bytes: Buffer.concat(segment.parts.map(token)),
    })),
  }));
  const size = parts.reduce((sum, { names, patterns }) => sum + sizeOf(names, patterns), 0);
  return encode(size, (out) => {
    for (const { node, names, patterns } of parts) {
      out.u16(node.flags);
      out.u32(node.rule ?? NONE);
      out.u32(node.also ?? NONE);
      out.u32(names.length);
      for (const { folded, bytes, child } of names) {
        out.u8(folded ? 1 : 0);
        out.text(bytes);
        out.u32(child);
      }
      out.u32(patterns.length);
      for (const { folded, bytes, child } of patterns) {
        out.u8(folded ? 1 : 0);
        out.u32(bytes.length);
        out.bytes(bytes);
        out.u32(child);
      }
    }
  });
}

function childrenOf(children: TreeNode['names'], folded: boolean): EncodedChild[] {
  return [...children].map(([name, child]) => ({ folded, bytes: Buffer.from(name), child }));
}

function sizeOf(names: readonly EncodedChild[], patterns: readonly EncodedChild[]): number {
  const bytes = (sum: number, { bytes: { length } }: EncodedChild) => sum + length + 5;
  return (
    18 +
    names.reduce(bytes, TEXT_OVERHEAD * names.length) +
    patterns.reduce(bytes, 4 * patterns.length)
  );
}

/** native/files/glob.h, enum glob_token. */
function token(part: Part): Buffer {
  switch (part.type) {
    case 'any':
      return Buffer.from([1]);
    case 'one':
      return Buffer.from([2]);
    case 'set': {
      const ranges = Buffer.alloc(8 * part.ranges.length);
      part.ranges.forEach(([first, last], at) => {
        ranges.writeUInt32LE(first, 8 * at);
        ranges.writeUInt32LE(last, 8 * at + 4);
      });
      return Buffer.concat([Buffer.from([3, part.negated ? 1 : 0, part.ranges.length]), ranges]);
    }
    case 'text':
      return Buffer.from(
        [...Buffer.from(part.text)].flatMap((byte) => (byte < 5 ? [4, byte] : [byte])),
      );
  }
}
