import { type BigIntStats, chmodSync, closeSync, fstatSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Placement } from '../compile/mounts/place-mounts.ts';
import type { LaunchPlan } from '../compile/plan.ts';
import { errnoOf, SrtError } from '../errors.ts';
import type { Identity } from '../host/paths.ts';
import type { MountOrder } from './encode-mounts.ts';
import { inFolder, openFolder, pathOfOpen } from './open-folder.ts';

const WRITABLE_BY_ALL = 0o002;

/** Makes the folders that are missing, with mode 0700, and looks at those that are there. Returns what
 * each is, by its path. Throws SRT_LAUNCH_CACHES for one that is not what it must be. Each is opened
 * by its name in the one above, which is held open: no link that an earlier run left is followed,
 * and what was looked at is what is gone on from, and what srt-init compares with. */
export function ensureFolders(folders: LaunchPlan['folders']): Map<string, Identity> {
  const identities = new Map<string, Identity>();
  for (const folder of folders) ensureFolder(folder, identities);
  return identities;
}

/** The placements with what was not known of them before the start. */
export function identify(
  placements: readonly Placement[],
  identities: ReadonlyMap<string, Identity>,
): MountOrder[] {
  return placements.map(({ identity, ...placement }) => {
    if (identity !== 'at-start') return { ...placement, identity };
    const found = identities.get(placement.mount.path);
    if (!found) throw new Error(`nothing was made at ${placement.mount.path}`);
    return { ...placement, identity: found };
  });
}

function ensureFolder(
  { base, below }: LaunchPlan['folders'][number],
  identities: Map<string, Identity>,
): void {
  let path = base;
  const open: number[] = [];
  try {
    let above = openFolder(base);
    open.push(above);
    for (const name of below) {
      path = join(path, name);
      const next: number = openIn(above, name, path) ?? makeIn(above, name, path);
      open.push(next);
      identities.set(path, judge(next, path));
      above = next;
    }
    /* A command can change the mode of the caches that it has. */
    chmodSync(pathOfOpen(above), 0o700);
  } catch (error) {
    if (error instanceof SrtError) throw error;
    throw unusable(path, `cannot be opened or made (${errnoOf(error)})`);
  } finally {
    for (const fd of open) closeSync(fd);
  }
}

/** Null where there is nothing by that name. */
function openIn(folder: number, name: string, path: string): number | null {
  try {
    return openFolder(inFolder(folder, name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    if (errnoOf(error) !== 'ENOTDIR') throw error;
    const isLink = lstatSync(inFolder(folder, name)).isSymbolicLink();
    throw unusable(path, `${isLink ? 'is a symbolic link' : 'is no folder'} (ENOTDIR)`);
  }
}

function makeIn(folder: number, name: string, path: string): number {
  /* Root could, and would leave a folder of root's in the home of another. */
  if (fstatSync(folder).uid !== process.getuid?.())
    throw unusable(path, 'is missing, and the folder around it belongs to another user');
  try {
    mkdirSync(inFolder(folder, name), 0o700);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const made = openIn(folder, name, path);
  if (made === null) throw unusable(path, 'is removed as soon as it is made');
  return made;
}

function judge(folder: number, path: string): Identity {
  const status = fstatSync(folder, { bigint: true });
  judgeOwner(status, path);
  return { device: status.dev, inode: status.ino };
}

/** Throws SRT_LAUNCH_CACHES for a folder that is not the caller's alone. */
export function judgeOwner({ uid, mode }: BigIntStats, path: string): void {
  if (Number(uid) !== process.getuid?.()) throw unusable(path, `belongs to another user (${uid})`);
  if ((Number(mode) & WRITABLE_BY_ALL) !== 0) throw unusable(path, 'can be written by every user');
}

export function unusable(path: string, problem: string): SrtError {
  return new SrtError('SRT_LAUNCH_CACHES', `private caches: ${JSON.stringify(path)} ${problem}`, {
    hint: 'srt needs real folders of your own there; XDG_CACHE_HOME can name another place',
  });
}
