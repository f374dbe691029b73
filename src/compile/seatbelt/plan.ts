import type { Environment } from '../../host/facts.ts';
import type { DescribedRule } from '../../policy/describe-rule.ts';
import type { OwnFolder } from '../../policy/private-caches.ts';
import type { WithheldVariable } from '../plan.ts';

/** What belongs to one run. */
export interface SeatbeltRun {
  /** The gate's port on this machine. */
  gatePort: number;
  /** What the gate asks for. It is in the environment of the command, and nowhere else. */
  token: string;
  /** In the log line of each denial. */
  tag: string;
  /** An empty folder, in another that srt makes for the run. */
  temporary: string;
}

/** All that the supervisor needs to start a command on macOS; made by the compiler, changed by
 * nobody. */
export interface SeatbeltPlan {
  /** Absolute paths of sandbox-exec(1) and log(1), and of what keeps the command. */
  sandboxExec: string;
  log: string;
  keeper: readonly [node: string, script: string];
  /** The text of the profile, and what the log line of each of its denials has. */
  profile: string;
  tag: string;
  /** What of the settings denies an operation, in the words of profiles, on a path; null where srt does
   * not know. For telling of it alone: the path may be anything. */
  ruleOf(operation: string, path: string): DescribedRule | null;
  cwd: string;
  /** The folder for temporary files, in a folder of the run that srt makes. */
  temporary: string;
  /** Folders for private caches of a name, made or checked before the start. */
  folders: readonly OwnFolder[];
  environment: Environment;
  /** The variables of the caller that the environment does not have. */
  withheld: readonly WithheldVariable[];
  /** What the settings ask for and this machine has no object for: one line each. */
  notices: readonly string[];
}
