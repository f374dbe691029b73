import { dirname } from 'node:path';
import type { Identity } from '../../host/paths.ts';
import type { Mount } from './plan-mounts.ts';

/* Whoever shares a folder with the sandbox can put a link in the way of a mount, or exchange what it
 * is made on. So srt-init makes each mount apart, and puts it in its place by descriptors, onto the
 * very thing that was looked at (native/mounts/root.h). */

/* Nobody but root can change what they are. */
const KERNEL_FOLDERS: readonly string[] = ['/', '/sys', '/proc', '/dev'];

export type PlacedMount = Exclude<Mount, { op: 'remount-ro' }>;

/** What srt-init makes, and where (native/mounts/mount.h). */
export interface Placement {
  mount: PlacedMount;
  /** The number of the last mount before this one at or above its path; 0 for the root itself. */
  parent: number;
  /** The path from there; "" where it is the same. */
  below: string;
  /** Made read-only once everything in it is placed. */
  sealed: boolean;
  /** What the path is known to be; null for folders that are pinned, for files that the system
   * replaces at any time, and for what is made where nothing of the host's is. */
  identity: Known | null;
}

/** Of a folder that is made or looked at right before the start, no more is known until then than
 * that it will be. */
export type Known = Identity | 'at-start';

/** The mounts of a plan in their order, each below the one that it lies in. */
export function placeMounts(
  mounts: readonly Mount[],
  identities: ReadonlyMap<string, Known>,
): Placement[] {
  const last = new Map<string, number>();
  const placements: Placement[] = [];
  for (const mount of mounts) {
    if (mount.op === 'remount-ro') continue;
    const { path } = mount;
    const parent = above(last, path);
    const around = placements[parent];
    const identity = isMade(mount) ? null : (identities.get(path) ?? null);
    if (identity === null && mustBeKnown(mount, around?.mount))
      throw new Error(`nothing is known of ${path}`);
    if (mount.op !== 'symlink' && mount.op !== 'folder') last.set(path, placements.length);
    const below = around ? path.slice(around.mount.path.length).replace(/^\//, '') : '';
    placements.push({ mount, parent, below, sealed: mount.op === 'file', identity });
  }
  const sealed = new Set(
    mounts.flatMap(({ op, path }) => (op === 'remount-ro' ? [last.get(path)] : [])),
  );
  return placements.map((placement, number) =>
    sealed.has(number) ? { ...placement, sealed: true } : placement,
  );
}

function above(last: ReadonlyMap<string, number>, path: string): number {
  for (let at = path; ; at = dirname(at)) {
    const number = last.get(at);
    if (number !== undefined) return number;
    if (at === '/') return 0;
  }
}

/** It shows nothing of the host's, so mount points can be made in it. */
function isOwn(mount: PlacedMount | undefined): boolean {
  return mount !== undefined && ['tmpfs', 'proc', 'dev'].includes(mount.op);
}

/** It is no thing of the host's that could be another one by now, or one that the system replaces at
 * any time; the root covers nothing. */
function isMade({ op, path }: PlacedMount): boolean {
  if (path === '/') return true;
  return op === 'file' || op === 'symlink' || op === 'folder' || op === 'proc' || op === 'dev';
}

/** A folder that is only pinned shows itself, whatever it is, and what is protected in it is known.
 * Nothing of the host's can be exchanged where only the sandbox's own is. */
function mustBeKnown(mount: PlacedMount, around: PlacedMount | undefined): boolean {
  if (isMade(mount)) return false;
  if (KERNEL_FOLDERS.includes(mount.path) && !isOwn(around) && mount.op === 'ro-bind') return false;
  if (mount.op === 'bind') return isOwn(around);
  return mount.op === 'ro-bind' || !isOwn(around);
}
