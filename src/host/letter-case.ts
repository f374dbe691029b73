import { existsSync, lstatSync, opendirSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isWithin } from '../policy/path-rules.ts';
import type { Policy } from '../policy/policy.ts';

/** Drivers that compare names without case themselves, by f_type of statfs(2): vfat, exfat, ntfs and
 * ntfs3, hfs, hfsplus. What is mounted on a name is found by its other spellings too. */
const DRIVERS = new Set([0x4d44, 0x2011bab0, 0x5346544e, 0x7366746e, 0x4244, 0x482b]);

/** File systems behind which a server or a program knows what a name means: fuse, 9p, cifs, smb2,
 * smb, vboxsf, nfs. Where it takes any case, each spelling is a name of its own to the kernel, and
 * what is mounted on one is not there by the others. */
const SERVERS = new Set([
  0x65735546, 0x01021997, 0xff534d42, 0xfe534d42, 0x517b, 0x786f4256, 0x6969,
]);

/* Servers of which it is usual that they mind case: nothing to try it with means that they do. */
const MINDFUL = new Set([0x6969]);

/* A folder may have many names in no other case, such as numbers. */
const TRIED = 16;

/** Folders, by real path, in which a name may be taken in any case: of those that patterns begin in, and
 * of those with something in them that is denied and that the command could write. */
export function findIgnoredCase(
  { paths, patterns }: Pick<Policy, 'paths' | 'patterns'>,
  realOf: (path: string) => string[],
): Set<string> {
  const roots = [
    ...paths.filter(({ list }) => list === 'allowWrite').flatMap(({ path }) => realOf(path)),
    ...patterns.filter(({ list }) => list === 'allowWrite').flatMap(({ base }) => realOf(base)),
  ];
  const denied = paths
    .filter(({ list }) => list === 'denyRead' || list === 'denyWrite')
    .flatMap(({ path }) => realOf(path))
    .filter((path) => roots.some((root) => isWithin(path, root)));
  const folders = [...patterns.flatMap(({ base }) => realOf(base)), ...denied.map(dirname)];
  const known = new Map<string, boolean>();
  return new Set(folders.filter((folder) => isIgnored(existingAt(folder), known)));
}

function existingAt(folder: string): string {
  return existsSync(folder) ? folder : existingAt(dirname(folder));
}

function isIgnored(folder: string, known: Map<string, boolean>): boolean {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const type = typeOf(folder);
  /* Any other may have folders of that kind (ext4, f2fs and tmpfs: chattr(1), +F). */
  const found =
    DRIVERS.has(type) || (tryNames(folder) ?? (SERVERS.has(type) && !MINDFUL.has(type)));
  known.set(folder, found);
  return found;
}

/** Whether what is there, by its real path, is there by another spelling too, of its own name or one
 * above it, past what is mounted on this one. */
export function isOpenOtherwise(path: string): boolean {
  const folder = dirname(path);
  if (folder === path || !SERVERS.has(typeOf(path))) return false;
  return isSpelledOtherwise(folder, basename(path)) === true || isOpenOtherwise(folder);
}

/* What cannot be looked at is taken for what is usual: other probes have the error. */

function typeOf(path: string): number {
  try {
    return statfsSync(path).type;
  } catch {
    return 0;
  }
}

/** null where there is nothing to try it with. */
function tryNames(folder: string): boolean | null {
  for (const name of someNames(folder)) {
    const found = isSpelledOtherwise(folder, name);
    if (found !== null) return found;
  }
  return null;
}

function someNames(folder: string): string[] {
  try {
    const names: string[] = [];
    const open = opendirSync(folder);
    try {
      for (let entry = open.readSync(); entry; entry = open.readSync())
        if (names.push(entry.name) === TRIED) break;
    } finally {
      open.closeSync();
    }
    return names;
  } catch {
    return [];
  }
}

/** Whether the name in its other case is the same thing; null where it has none, or is a second name
 * of the file, or not there to begin with. */
function isSpelledOtherwise(folder: string, name: string): boolean | null {
  const other = name.replaceAll(/[a-zA-Z]/g, swapCase);
  if (other === name) return null;
  try {
    const options = { throwIfNoEntry: false, bigint: true } as const;
    const one = lstatSync(join(folder, name), options);
    const two = lstatSync(join(folder, other), options);
    if (!one || (two && two.nlink > 1n && !two.isDirectory())) return null;
    return two !== undefined && one.dev === two.dev && one.ino === two.ino;
  } catch {
    return null;
  }
}

function swapCase(letter: string): string {
  const small = letter.toLowerCase();
  return small === letter ? letter.toUpperCase() : small;
}
