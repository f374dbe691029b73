import { isWithin } from './path-rules.ts';
import type { Source } from './source.ts';

/** A Unix socket outside that the command may connect to, or a folder with all that are beneath. */
export interface UnixSocketRule {
  /** Absolute and normalised. */
  path: string;
  source: Source;
}

/** Whether the list opens this very path. */
export function isOpened(paths: readonly string[], path: string): boolean {
  return paths.some((opened) => isWithin(path, opened));
}
