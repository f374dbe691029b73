import { accessSync, constants, statSync } from 'node:fs';
import { constants as os } from 'node:os';
import { resolve } from 'node:path';
import { errnoOf } from '../../errors.ts';

/** The errno with which execvp(3) would fail, or 0. sandbox-exec would say it in its own words, and
 * with a status of its own. */
export function judgeCommand(command: string, path: string | undefined, cwd: string): number {
  const places = command.includes('/')
    ? [resolve(cwd, command)]
    : (path ?? '/usr/bin:/bin').split(':').map((folder) => resolve(cwd, folder, command));
  let errno = os.errno.ENOENT;
  for (const place of command === '' ? [] : places) {
    const found = judgeFile(place);
    if (found === 0) return 0;
    if (found === os.errno.EACCES) errno = found;
  }
  return errno;
}

function judgeFile(path: string): number {
  try {
    if (!statSync(path).isFile()) return os.errno.EACCES;
    accessSync(path, constants.X_OK);
    return 0;
  } catch (error) {
    return errnoOf(error) === 'EACCES' ? os.errno.EACCES : os.errno.ENOENT;
  }
}
