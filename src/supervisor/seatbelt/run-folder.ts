import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes the folder of a run, with its profile and empty folders for temporary files and for caches,
 * which the profile opens where the run has its own, and returns the profile's path. Throws the errno where the folder is there already. */
export function makeRunFolder(folder: string, profile: string): string {
  mkdirSync(folder, { mode: 0o700 });
  for (const name of ['tmp', 'caches']) mkdirSync(join(folder, name), { mode: 0o700 });
  const file = join(folder, 'profile.sb');
  writeFileSync(file, profile, { mode: 0o600, flag: 'wx' });
  return file;
}

/** Removes it. What still runs could put a link in the place of a folder while its contents are
 * removed: so first the whole gets a name below which no rule of the sandbox allows writing. What
 * cannot be removed stays; it is of no use to anybody. */
export function removeRunFolder(folder: string): void {
  const gone = `${folder}.gone`;
  try {
    renameSync(folder, gone);
  } catch {
    return; // never made
  }
  try {
    rmSync(gone, { recursive: true, force: true });
  } catch {
    removeUnreadable(gone);
  }
}

/** The command may have taken the rights to its folders away from itself, and so from srt. */
function removeUnreadable(folder: string): void {
  try {
    open(folder);
    rmSync(folder, { recursive: true, force: true });
  } catch {}
}

function open(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) open(join(folder, entry.name));
}
