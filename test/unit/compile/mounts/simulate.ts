/* What the sandbox's file tree allows once a list of mounts has been carried out: an evaluator
 * that knows the rules of mounts and nothing of how the list was made. */
import type { Mount } from '../../../../src/compile/mounts/plan-mounts.ts';
import { type Access, isWithin } from '../../../../src/policy/path-rules.ts';

/** `kernel`: made for the sandbox and the same for every policy. */
export type Effective = Access | 'kernel';

/** The last mount at or above a path is the one that shows there: a mount covers its place with
 * all that earlier ones put beneath it (mount_namespaces(7)). */
function covering(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts.findLast((m) => m.op !== 'remount-ro' && isWithin(path, m.path));
}

export function effectiveAccess(mounts: readonly Mount[], path: string): Effective {
  const mount = covering(mounts, path);
  if (!mount) throw new Error(`nothing shows ${path}`);
  switch (mount.op) {
    case 'bind':
      return mounts.some((m) => m.op === 'remount-ro' && m.path === mount.path)
        ? 'read-only'
        : 'read-write';
    case 'ro-bind':
    case 'file':
      return 'read-only';
    case 'tmpfs':
      if (mount.path === '/dev/shm') return 'kernel';
      return mount.mode === 0o1777 ? 'private' : 'masked';
    case 'mask-file':
      return 'masked';
    case 'dev':
    case 'proc':
    case 'symlink':
    case 'folder':
      return 'kernel';
    default:
      throw new Error(`${mount.op} covers ${path}`);
  }
}

export function isMountPoint(mounts: readonly Mount[], path: string): boolean {
  return mounts.some((mount) => mount.op !== 'remount-ro' && mount.path === path);
}

/** Writable tmpfs that stand for a masked folder: each must be made read-only at the end. */
export function unsealed(mounts: readonly Mount[]): string[] {
  const masks = mounts.filter((m) => m.op === 'tmpfs' && m.mode !== 0o1777);
  return masks.map(({ path }) => path).filter((path) => sealedAt(mounts, path) === -1);
}

function sealedAt(mounts: readonly Mount[], path: string): number {
  return mounts.findIndex((m) => m.op === 'remount-ro' && m.path === path);
}

/** Mounts inside a folder that is already read-only, where no mount point can be made. */
export function tooLate(mounts: readonly Mount[]): string[] {
  return mounts
    .filter((mount, at) => {
      if (mount.op === 'remount-ro') return false;
      const sealed = mounts.findIndex((m) => m.op === 'remount-ro' && isWithin(mount.path, m.path));
      return sealed !== -1 && sealed < at;
    })
    .map(({ path }) => path);
}
