import type { Policy } from '../../policy/policy.ts';
import type { PathFact } from '../paths.ts';
import { judgeWorkingDirectory } from '../probe.ts';
import type { MacFacts } from './facts.ts';
import { createMacPathProbe } from './paths.ts';
import { probeSandboxExec } from './sandbox-exec.ts';
import { probeUserTemporary } from './user-temporary.ts';
import { probeVersion } from './version.ts';

/** Reads everything that the compiler needs on a Mac. `dist` is the folder of the installed bundles.
 * Throws one of the SRT_HOST_* errors. */
export function probeMac(policy: Policy, cwd: string, dist: string): MacFacts {
  probeVersion();
  const probePath = createMacPathProbe();
  return {
    sandboxExec: probeSandboxExec(),
    log: '/usr/bin/log',
    node: process.execPath,
    dist,
    cwd: judgeWorkingDirectory(cwd, probePath(cwd)),
    userTemporary: probeUserTemporary(),
    paths: new Map<string, PathFact>(
      [
        ...[...policy.paths, ...(policy.unixSockets ?? [])].map(({ path }) => path),
        ...policy.patterns.map(({ base }) => base),
        ...policy.homes,
        ...(policy.caches ? [policy.caches.store.base] : []),
      ].map((path) => [path, probePath(path)]),
    ),
  };
}
