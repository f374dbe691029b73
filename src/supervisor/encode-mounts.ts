import { TEXT_OVERHEAD, type Writer } from '../compile/encode.ts';
import type { PlacedMount, Placement } from '../compile/mounts/place-mounts.ts';
import type { Identity } from '../host/paths.ts';

/** native/mounts/mount.h, enum mount_op. */
const OPS: readonly PlacedMount['op'][] = [
  ...(['bind', 'ro-bind', 'tmpfs', 'proc', 'dev'] as const),
  ...(['mask-file', 'file', 'symlink', 'folder'] as const),
];

/** What srt-init has to know of a mount (native/mounts/mount.h). */
export type MountOrder = Omit<Placement, 'identity'> & { identity: Identity | null };

const FIXED_SIZE = 1 + 1 + 4 + 8 + 8 + TEXT_OVERHEAD + 2 + TEXT_OVERHEAD;

export function sizeOfMounts(orders: readonly MountOrder[]): number {
  return orders.reduce(
    (sum, { mount, below }) => sum + FIXED_SIZE + Buffer.byteLength(below) + textOf(mount).length,
    4,
  );
}

export function writeMounts(out: Writer, orders: readonly MountOrder[]): void {
  out.u32(orders.length);
  for (const { mount, parent, below, sealed, identity } of orders) {
    out.u8(OPS.indexOf(mount.op));
    out.u8((sealed ? 1 : 0) | (identity ? 2 : 0));
    out.u32(parent);
    out.u64(identity?.device ?? 0n);
    out.u64(identity?.inode ?? 0n);
    out.text(Buffer.from(below));
    out.u16('mode' in mount ? mount.mode : 0);
    out.text(textOf(mount));
  }
}

function textOf(mount: PlacedMount): Buffer {
  switch (mount.op) {
    case 'bind':
    case 'ro-bind':
      return Buffer.from(mount.path);
    case 'symlink':
      return Buffer.from(mount.target);
    case 'file':
      return mount.content;
    default:
      return Buffer.alloc(0);
  }
}
