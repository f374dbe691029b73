import { dirname } from 'node:path';
import type { Identity } from '../../host/paths.ts';
import type { Mount } from './mounts.ts';

/* Whoever shares a folder with the sandbox can put a link in the way of bubblewrap, which follows
 * it, or exchange what it mounts on. So bubblewrap makes the mounts where nobody else is, and
 * srt-init puts each in its place by descriptors, onto the very thing that was looked at. */

/** Where bubblewrap makes what is to be placed, by its number: in the sandbox's own /dev/shm. */
export const STAGE = '/dev/shm/.srt';

/* Nobody but root can change what they are. */
const KERNEL_FOLDERS: readonly string[] = ['/', '/sys', '/proc', '/dev', '/dev/shm'];

export type PlacedMount = Exclude<Mount, { op: 'symlink' } | { op: 'remount-ro' }>;

/** What srt-init does with one mount (native/message.h). */
export interface Placement {
  path: string;
  /** null for bubblewrap's own empty root. */
  mount: PlacedMount | null;
  /** A bind shows what it is placed on; a cover shows something of the sandbox's own, and so does
   * a file, of which bubblewrap makes no mount: one of a file without a name cannot be moved. */
  kind: 'in-place' | 'bind' | 'cover' | 'file';
  /** The number of the last mount before this one at or above its path; 0 for the root itself. */
  parent: number;
  /** The path from there; "" where it is the same. */
  below: string;
  /** It shows nothing of the host's, so mount points can be made in it. */
  own: boolean;
  /** Made read-only once everything in it is placed. */
  sealed: boolean;
  /** What the path is known to be; null for folders that are pinned, and for files that the system
   * replaces at any time. */
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
  const add = (path: string, mount: PlacedMount | null) => {
    const parent = above(last, path);
    const around = placements[parent];
    const kind = kindOf(mount, KERNEL_FOLDERS.includes(path) && !last.has(path));
    const identity = kind === 'in-place' ? null : (identities.get(path) ?? null);
    if (identity === null && mustBeKnown(kind, mount, around))
      throw new Error(`nothing is known of ${path}`);
    last.set(path, placements.length);
    const below = around ? path.slice(around.path.length).replace(/^\//, '') : '';
    const own = mount === null || ['tmpfs', 'proc', 'dev'].includes(mount.op);
    placements.push({ path, mount, kind, parent, below, own, sealed: false, identity });
  };
  if (!mounts.some(({ op, path }) => op !== 'remount-ro' && path === '/')) add('/', null);
  for (const mount of mounts)
    if (mount.op !== 'symlink' && mount.op !== 'remount-ro') add(mount.path, mount);
  const sealed = new Set(
    mounts.flatMap(({ op, path }) => (op === 'remount-ro' ? [last.get(path)] : [])),
  );
  return placements.map((placement, number) => ({
    ...placement,
    sealed: placement.kind === 'file' || sealed.has(number),
  }));
}

function kindOf(mount: PlacedMount | null, first: boolean): Placement['kind'] {
  if (mount === null || first) return 'in-place';
  if (mount.op === 'file') return 'file';
  return mount.op === 'bind' || mount.op === 'ro-bind' ? 'bind' : 'cover';
}

function above(last: ReadonlyMap<string, number>, path: string): number {
  for (let at = path; ; at = dirname(at)) {
    const number = last.get(at);
    if (number !== undefined) return number;
    if (at === '/') return 0;
  }
}

/** A folder that is only pinned shows itself, whatever it is, and what is protected in it is known.
 * Nothing of the host's can be exchanged where only the sandbox's own is. */
function mustBeKnown(
  kind: Placement['kind'],
  mount: PlacedMount | null,
  around: Placement | undefined,
): boolean {
  if (kind === 'in-place' || kind === 'file') return false;
  if (kind === 'bind') return mount?.op === 'ro-bind' || around?.own === true;
  return around?.own !== true;
}
