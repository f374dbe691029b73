import type { ServedListener } from '../boundary.ts';
import type { Environment } from '../host/facts.ts';
import type { OwnFolder } from '../policy/private-caches.ts';
import type { Placement } from './mounts/place-mounts.ts';
import type { CompiledNames } from './names/compile-names.ts';
import type { PlaceholderFolder } from './names/placeholders.ts';

/** All that the supervisor needs to start a command; made by the compiler, changed by nobody. */
export interface LaunchPlan {
  /** Absolute paths of the two programs. */
  bubblewrap: string;
  helper: string;
  /** What srt-init makes the sandbox's file tree of; the first is its root. */
  placements: readonly Placement[];
  /** What is made or checked right before the start, because the mounts need it as it should be. */
  folders: readonly OwnFolder[];
  uid: number;
  gid: number;
  cwd: string;
  /** What srt-init decides changes of files by, and what its reports mean; null where mounts alone
   * decide. */
  names: CompiledNames | null;
  /** What has to be there before the mounts, and where that is noted; null where names are decided
   * about. Nothing is started as long as something is missing. */
  placeholders: {
    lease: string;
    folders: readonly PlaceholderFolder[];
    /** Protected names that mounts keep nowhere, or not at this path, besides all that lie deeper. */
    unkept: readonly { name: string; what: string }[];
  } | null;
  /** Whether connects of programs that know nothing of proxies go to the gate. */
  mediate: boolean;
  /** The Unix sockets outside that the command may connect to: real paths, each with what is beneath. */
  sockets: readonly string[];
  /** What srt-init opens on the sandbox's loopback. */
  listeners: readonly ServedListener[];
  environment: Environment;
  /** The variables of the caller that the environment does not have. */
  withheld: readonly WithheldVariable[];
  /** What the settings ask for and this machine has no object for: one line each. */
  notices: readonly string[];
}

/** Never with its value, which may be a secret. */
export interface WithheldVariable {
  name: string;
  /** In words that name the rule. */
  reason: string;
}
