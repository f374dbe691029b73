import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathsOf } from '../../compile/private-caches.ts';
import type { SeatbeltPlan } from '../../compile/seatbelt/plan.ts';
import { errnoOf, SrtError } from '../../errors.ts';
import { judgeOwner, unusable } from '../own-folders.ts';

/** Makes the folders that are missing, with mode 0700, and looks at those that are there. Throws
 * SRT_LAUNCH_CACHES for one that is not what it must be. By their paths, as macOS has no names of open
 * folders: no sandbox can change one of them meanwhile, because every profile denies the folder of all
 * caches and keeps those above it in their place. */
export function ensureFolders(folders: SeatbeltPlan['folders']): void {
  for (const folder of folders) {
    const paths = pathsOf(folder);
    let path = folder.base;
    try {
      for (path of paths) ensureFolder(path);
      /* A command can change the mode of the caches that it has. */
      chmodSync(path, 0o700);
    } catch (error) {
      if (error instanceof SrtError) throw error;
      throw unusable(path, `cannot be opened or made (${errnoOf(error)})`);
    }
  }
}

function ensureFolder(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (!found) makeFolder(path);
  const status = found ?? lstatSync(path, { bigint: true });
  if (status.isSymbolicLink()) throw unusable(path, 'is a symbolic link (ENOTDIR)');
  if (!status.isDirectory()) throw unusable(path, 'is no folder (ENOTDIR)');
  judgeOwner(status, path);
}

function makeFolder(path: string): void {
  /* Root could, and would leave a folder of root's in the home of another. */
  if (statSync(dirname(path)).uid !== process.getuid?.())
    throw unusable(path, 'is missing, and the folder around it belongs to another user');
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    /* Another start of the same name. */
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}
