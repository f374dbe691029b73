import type { PathPattern } from '../policy/path-rules.ts';
import type { NameFiles } from './name-files.ts';
import type { Identity, PathFact } from './paths.ts';

/** Environment entries by name; each value is the whole `NAME=value` as the kernel has it, in
 * bytes, because neither names nor values need be UTF-8 (environ(7)). */
export type Environment = ReadonlyMap<string, Buffer>;

export interface Bubblewrap {
  path: string;
  /** "0.8.0" */
  version: string;
}

/** What the compiler may know of this machine, read once. */
export interface HostFacts {
  uid: number;
  gid: number;
  /** The working directory without symbolic links. */
  cwd: string;
  bubblewrap: Bubblewrap;
  /** The srt-init of this architecture. */
  helper: string;
  /** Symbolic links in /, such as /bin to usr/bin; read when a rule denies / itself. */
  rootLinks: ReadonlyMap<string, string>;
  nameFiles: NameFiles;
  /** Where srt notes the placeholders of filesystem.names "mount". */
  leaseFolder: string;
  /** What the build made of the usual protected names; null where it is not there. */
  usualNames: { nodes: number; encoded: Buffer } | null;
  paths: ReadonlyMap<string, PathFact>;
  /** What there is of what the patterns of reading mean; `paths` has a fact about each. */
  matches: ReadonlyMap<PathPattern, readonly string[]>;
  /** Folders among the rules, by real path, in which a name may be taken in any case. */
  ignoredCase: ReadonlySet<string>;
  /** What denyRead means, by real path, and is there by another spelling too: past what is mounted on
   * this one. */
  openOtherwise: ReadonlySet<string>;
  /** Of the folders among `paths`, those with nothing in them that a protected name of `files` means,
   * by real path; looked for where filesystem.names is "mount". */
  emptyFolders: ReadonlySet<string>;
  /** What was at each real path of `paths`, and at the working directory, when it was looked at. */
  identities: ReadonlyMap<string, Identity>;
}
