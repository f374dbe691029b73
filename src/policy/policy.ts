import type { DomainRule } from './domain-rule.ts';
import type { EnvironmentPolicy } from './environment.ts';
import type { Forward } from './forward.ts';
import type { MacGrants } from './mac-grants.ts';
import type { PathPattern, PathRule } from './path-rules.ts';
import type { CachePolicy } from './private-caches.ts';
import type { ProtectedName } from './protected-name.ts';
import type { UnixSocketRule } from './unix-sockets.ts';
import type { Upstream } from './upstream.ts';

/** Everything that was decided before the machine is looked at. */
export interface Policy {
  paths: readonly PathRule[];
  /** Rules by pattern; what those of reading mean is found by a walk at each start. */
  patterns: readonly PathPattern[];
  /** What stays read-only by its name inside the write roots. */
  protectedNames: readonly ProtectedName[];
  /** What keeps names that do not exist, and patterns: srt-init by deciding about each change, which
   * it is if not given, or mounts on placeholders, as far as those go. */
  names?: 'mediate' | 'mount';
  /** The folders that `~` stands for, absolute: that of HOME, and that of the user database. */
  homes: readonly string[];
  /** Where tools keep their caches. Without it: where they always do. */
  caches?: CachePolicy;
  domains: readonly DomainRule[];
  /** The proxies that connections leave through, where there are any. */
  upstream?: Upstream | null;
  /** Whether programs that know nothing of proxies have the network that the rules allow. */
  transparent: boolean;
  forwards: readonly Forward[];
  /** Unix sockets outside that may be connected to; none if not given. */
  unixSockets?: readonly UnixSocketRule[];
  /** Which variables the command gets. Without it: all but those that srt withholds itself. */
  environment?: EnvironmentPolicy;
  /** What few commands need on macOS; nothing of it if not given. */
  macos?: MacGrants;
  /** The file that a person edits to change this policy. */
  settingsFile: string;
}
