import { readFileSync, realpathSync, statSync } from 'node:fs';

/** The files by which programs resolve names (hosts(5), resolv.conf(5)), by their real paths.
 * null where there is none: C libraries then ask 127.0.0.1, as they should. */
export interface NameFiles {
  hosts: { path: string; text: string } | null;
  resolver: string | null;
}

export function probeNameFiles(): NameFiles {
  const hosts = realFile('/etc/hosts');
  return {
    hosts: hosts === null ? null : { path: hosts, text: readFileSync(hosts, 'latin1') },
    resolver: realFile('/etc/resolv.conf'),
  };
}

function realFile(path: string): string | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ? realpathSync.native(path) : null;
  } catch {
    return null;
  }
}
