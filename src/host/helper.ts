import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { SrtError } from '../errors.ts';

/** The srt-init of this machine's architecture, below the package's `dist`. */
export function helperPath(dist: string, arch: string = process.arch): string {
  return join(dist, 'native', `srt-init-${arch}`);
}

/** Returns helperPath when it can be executed. Throws SRT_HOST_HELPER_MISSING. */
export function probeHelper(dist: string): string {
  const path = helperPath(dist);
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch (cause) {
    throw new SrtError('SRT_HOST_HELPER_MISSING', `the native helper ${path} is not there`, {
      hint: 'build it with: npm run build:native',
      cause,
    });
  }
}
