import type { PathFact } from '../../host/paths.ts';

/** What the compiler may know of a Mac, read once. */
export interface SeatbeltFacts {
  /** What exists must have the very case in which it is on the disk: rules compare bytes. */
  paths: ReadonlyMap<string, PathFact>;
  /** The working directory without symbolic links. */
  cwd: string;
  /** An empty folder that srt made for this run, in the place of /tmp; null without one. */
  temporary: string | null;
  /** Where this user's programs keep theirs (confstr(3), _CS_DARWIN_USER_TEMP_DIR): as hidden as
   * /tmp is. */
  userTemporary: string | null;
  /** Whether any volume of a write root takes `.GIT` for `.git`, as macOS does unless told. */
  caseInsensitive: boolean;
}
