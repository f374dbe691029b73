import { hasWildcard } from '../policy/glob.ts';
import type { UnixSocketRule } from '../policy/unix-sockets.ts';
import { invalidPath, type Places, toAbsolute } from './path-rules.ts';
import type { LoadedSettings } from './settings.ts';

/** The Unix sockets that the settings open. Throws SRT_SETTINGS_INVALID with the place of the entry. */
export function unixSockets(loaded: LoadedSettings, places: Places): UnixSocketRule[] {
  const { allowUnixSockets = [], allowAllUnixSockets } = loaded.settings.network ?? {};
  const setting = 'network.allowUnixSockets';
  const listed = allowUnixSockets.map((entry, index) => {
    const typed = typeof entry === 'string' ? entry : entry.path;
    const where = loaded.locate(['network', 'allowUnixSockets', index]);
    const source = { setting, typed, where };
    if (typeof entry === 'string' && hasWildcard(typed))
      throw invalidPath(
        source,
        'has a wildcard',
        'name the socket, or the folder with all that are in it; write {"path": "...", "literal": true} if the name is meant as it stands',
      );
    return { path: toAbsolute(typed, source, places), source };
  });
  if (allowAllUnixSockets !== true) return listed;
  const where = loaded.locate(['network', 'allowAllUnixSockets']);
  const source = { setting: 'network.allowAllUnixSockets', typed: 'true', where };
  return [...listed, { path: '/', source }];
}
