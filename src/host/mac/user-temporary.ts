import { execFileSync } from 'node:child_process';
import { SrtError } from '../../errors.ts';

const GETCONF = '/usr/bin/getconf';

/** The user's own temporary folder, from the system and not from TMPDIR: what is hidden must not
 * depend on a variable. Throws SRT_HOST_PLATFORM. */
export function probeUserTemporary(getconf = GETCONF): string {
  try {
    const options = { encoding: 'utf8', timeout: 5000, env: {} } as const;
    const printed = execFileSync(getconf, ['DARWIN_USER_TEMP_DIR'], options);
    const folder = printed.replace(/\/*\n$/, '');
    if (/^\/[^\n]+$/.test(folder)) return folder;
  } catch {
    /* What it says on standard error is said to the user by then. */
  }
  throw new SrtError('SRT_HOST_PLATFORM', 'the temporary folder of this user cannot be found', {
    hint: `run: ${getconf} DARWIN_USER_TEMP_DIR`,
  });
}
