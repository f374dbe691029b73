import type { ServedListener } from '../boundary.ts';
import type { Environment, HostFacts } from '../host/facts.ts';
import { INHERIT } from '../policy/environment.ts';
import { type Forward, SANDBOX_PORTS } from '../policy/forward.ts';
import type { PathRule } from '../policy/path-rules.ts';
import type { Policy } from '../policy/policy.ts';
import { planMounts } from './bubblewrap/mounts.ts';
import { bubblewrapOptions } from './bubblewrap/options.ts';
import { placeMounts } from './bubblewrap/placements.ts';
import { resolveRules } from './bubblewrap/resolve-rules.ts';
import { compileEnvironment } from './environment.ts';
import { hostsFile, RESOLVER_FILE } from './name-files.ts';
import { namesByMount } from './names/by-mount.ts';
import { nameRules } from './names/change-rules.ts';
import { compileNames } from './names/compile-names.ts';
import { planPlaceholders } from './names/placeholders.ts';
import type { LaunchPlan } from './plan.ts';
import { showWorkingDirectory } from './unenforceable.ts';
import { warnOfWideRoots } from './wide-roots.ts';

const PROXIES: readonly ServedListener[] = [
  { service: 'http', kind: 'tcp', port: SANDBOX_PORTS.http },
  { service: 'socks', kind: 'tcp', port: SANDBOX_PORTS.socks },
];

/* Resolvers ask port 53 and take no answer from another (resolv.conf(5)). */
const TRANSPARENT: readonly ServedListener[] = [
  { service: 'transparent', kind: 'gateway', port: SANDBOX_PORTS.transparent },
  { service: 'dns', kind: 'udp', port: SANDBOX_PORTS.dns },
  { service: 'dns', kind: 'tcp', port: SANDBOX_PORTS.dns },
];

/** native/descriptors.h */
const HOSTS_FD = 7;
const RESOLV_FD = 8;

/** Policy and facts to plan, without touching the machine. Throws SRT_COMPILE_UNENFORCEABLE for
 * what cannot be kept here. */
export function compileLaunch(policy: Policy, facts: HostFacts, caller: Environment): LaunchPlan {
  const byMount = policy.names === 'mount' ? namesByMount(policy, facts) : null;
  const paths = [...policy.paths, ...hideLease(facts.leaseFolder), ...(byMount?.rules ?? [])];
  const { rules: listed, nameless, notices } = resolveRules(paths, facts.paths);
  const shown = [...listed, ...showWorkingDirectory(listed, facts.cwd)];
  const homes = policy.homes.map((home) => {
    const fact = facts.paths.get(home);
    return fact && fact.kind !== 'unreachable' ? fact.real : home;
  });
  const named = byMount
    ? null
    : nameRules({
        rules: shown,
        nameless,
        patterns: policy.patterns,
        protectedNames: policy.protectedNames,
        homes,
        facts: facts.paths,
        caseInsensitive: false,
      });
  const planned = byMount && planPlaceholders(paths, shown, facts, byMount.standIns);
  const rules = [...shown, ...(named?.opened ?? [])];
  const directories = new Set(
    [...facts.paths.values()].flatMap((fact) => (fact.kind === 'directory' ? [fact.real] : [])),
  );
  const { hosts, resolver } = policy.transparent
    ? facts.nameFiles
    : { hosts: null, resolver: null };
  const ownHosts = hosts && hostsFile(hosts.text);
  const mounts = planMounts({
    rules,
    files: [
      ...(ownHosts ? [{ path: hosts.path, descriptor: HOSTS_FD }] : []),
      ...(resolver === null ? [] : [{ path: resolver, descriptor: RESOLV_FD }]),
    ],
    cwd: facts.cwd,
    isDirectory: (path) => directories.has(path),
    rootLinks: facts.rootLinks,
  });
  const placements = placeMounts(mounts, facts.identities);
  const { environment, withheld, ...told } = compileEnvironment(
    caller,
    policy.environment ?? INHERIT,
    SANDBOX_PORTS,
  );
  return {
    bubblewrap: facts.bubblewrap.path,
    helper: facts.helper,
    options: bubblewrapOptions(mounts, placements),
    placements,
    uid: facts.uid,
    gid: facts.gid,
    cwd: facts.cwd,
    names: named && compileNames(named.changes),
    placeholders: planned && {
      lease: facts.leaseFolder,
      folders: planned.folders,
      unkept: [...byMount.unkept, ...planned.unkept],
    },
    mediate: policy.transparent,
    listeners: [
      ...PROXIES,
      ...(policy.transparent ? TRANSPARENT : []),
      ...policy.forwards.flatMap(forwardListener),
    ],
    nameFiles: {
      hosts: ownHosts,
      resolver: resolver === null ? null : RESOLVER_FILE,
    },
    environment,
    withheld,
    notices: [
      ...notices,
      ...((byMount ?? named)?.notices ?? []),
      ...warnOfWideRoots(rules, homes),
      ...told.notices,
    ],
  };
}

/** Whoever could write there would have srt remove things at the next start, and whoever could read
 * could hold the locks of others. */
function hideLease(path: string): PathRule[] {
  return (['denyRead', 'denyWrite'] as const).map((list) => ({
    list,
    path,
    source: { setting: `filesystem.${list}`, typed: path, where: null },
  }));
}

function forwardListener({ direction, sandboxPort }: Forward): ServedListener[] {
  const listener = { service: 'forward', kind: 'tcp', port: sandboxPort } as const;
  return direction === 'to-host' ? [listener] : [];
}
