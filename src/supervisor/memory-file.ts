import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { errnoOf, SrtError } from '../errors.ts';

/* open(2), since Linux 3.11: a file without a name, so nothing is left whatever happens. Node has
 * no constant for the bit that O_TMPFILE adds to O_DIRECTORY. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/** An open descriptor of a nameless file that holds `bytes`, to be read from the start. In memory
 * (tmpfs) wherever there is /dev/shm. The caller closes it. Throws SRT_LAUNCH_FAILED. */
export function openMemoryFile(bytes: Buffer): number {
  const problems: string[] = [];
  for (const folder of ['/dev/shm', tmpdir()]) {
    try {
      const file = openSync(folder, O_TMPFILE | constants.O_RDWR, 0o600);
      try {
        fill(file, bytes);
        return file;
      } catch (error) {
        closeSync(file);
        throw error;
      }
    } catch (error) {
      problems.push(`${folder}: ${errnoOf(error)}`);
    }
  }
  throw new SrtError('SRT_LAUNCH_FAILED', `no room for a temporary file (${problems.join(', ')})`, {
    hint: 'make /dev/shm writable or point TMPDIR at a folder with space',
  });
}

/** Writes all of it, at explicit offsets, which leaves the reader's offset at 0. */
export function fill(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, done);
}
