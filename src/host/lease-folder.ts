import { join, normalize } from 'node:path';
import { homeFolders } from './own-process.ts';

/** Where all sandboxes of this user note the placeholders of filesystem.names "mount", so that the
 * last one removes them. It must be the same for all of them, so HOME does not count where the user
 * database says something else, and it must outlive a power failure. Absolute. */
export function leaseFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { home, otherHomes } = homeFolders();
  const given = environment.XDG_STATE_HOME ?? '';
  const state = given.startsWith('/')
    ? normalize(given)
    : join(otherHomes[0] ?? home, '.local/state');
  return join(state, 'srt', 'lease');
}
