import type { Placement } from '../compile/bubblewrap/placements.ts';
import { TEXT_OVERHEAD, type Writer } from '../compile/encode.ts';
import type { Identity } from '../host/paths.ts';

/** native/message.h, enum placement_kind. */
const PLACES: readonly Placement['kind'][] = ['in-place', 'bind', 'cover', 'file'];

/** What srt-init has to know of a mount (native/message.h). */
export type PlacementOrder = Pick<Placement, 'kind' | 'parent' | 'below' | 'own' | 'sealed'> & {
  identity: Identity | null;
};

const PLACEMENT_SIZE = 1 + 1 + 4 + 8 + 8 + TEXT_OVERHEAD;

export function sizeOfPlacements(placements: readonly PlacementOrder[]): number {
  return placements.reduce((sum, { below }) => sum + PLACEMENT_SIZE + Buffer.byteLength(below), 4);
}

export function writePlacements(out: Writer, placements: readonly PlacementOrder[]): void {
  out.u32(placements.length);
  for (const { kind, parent, below, own, sealed, identity } of placements) {
    out.u8(PLACES.indexOf(kind));
    out.u8((own ? 1 : 0) | (sealed ? 2 : 0) | (identity ? 4 : 0));
    out.u32(parent);
    out.u64(identity?.device ?? 0n);
    out.u64(identity?.inode ?? 0n);
    out.text(Buffer.from(below));
  }
}
