import type { PathFact } from '../paths.ts';

/** What the compiler may know of a Mac, read once. */
export interface MacFacts {
  /** Absolute paths of sandbox-exec(1) and log(1). */
  sandboxExec: string;
  log: string;
  /** This Node, and the folder of the installed bundles. */
  node: string;
  dist: string;
  /** The working directory without symbolic links, in the case of the disk. */
  cwd: string;
  /** Where this user's programs keep their temporary files (confstr(3),
   * _CS_DARWIN_USER_TEMP_DIR). */
  userTemporary: string;
  /** What exists in the very case in which it is on the disk: rules compare bytes. */
  paths: ReadonlyMap<string, PathFact>;
}
