import type { Environment } from '../host/facts.ts';

/** All that the supervisor needs to start a command; made by the compiler, changed by nobody. */
export interface LaunchPlan {
  /** Absolute paths of the two programs. */
  bubblewrap: string;
  helper: string;
  /** bubblewrap's options, without the command. */
  options: readonly string[];
  uid: number;
  gid: number;
  cwd: string;
  /** Loopback ports inside the sandbox, in the order in which their listeners arrive. */
  ports: { readonly http: number; readonly socks: number };
  environment: Environment;
  /** What the settings ask for and this machine has no object for: one line each. */
  notices: readonly string[];
}
