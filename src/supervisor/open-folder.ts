import { constants, openSync } from 'node:fs';

/* open(2): a place and no more, so that the folder's mode does not matter. Node has no constant. */
const O_PATH = 0o10000000;

/** A folder that stays the same one, whatever its path leads to later; a link is none. Throws what
 * open(2) does. */
export function openFolder(path: string): number {
  return openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
}

/** The path of an open folder, which the link of procfs leads to. */
export function pathOfOpen(folder: number): string {
  return `/proc/self/fd/${folder}`;
}

/** The path of a name in it; Node has no calls of the *at family. */
export function inFolder(folder: number, name: string): string {
  return `${pathOfOpen(folder)}/${name}`;
}
