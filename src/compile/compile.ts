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
import { nameRules } from './names/change-rules.ts';
import { compileNames } from './names/compile-names.ts';
import type { LaunchPlan } from './plan.ts';
import { showWorkingDirectory } from './unenforceable.ts';
import { compileUnixSockets, warnOfHidden } from './unix-sockets.ts';
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

const SURROUNDINGS = {
  temporary: '/tmp',
  http: `http://127.0.0.1:${SANDBOX_PORTS.http}`,
  socks: `socks5h://127.0.0.1:${SANDBOX_PORTS.socks}`,
  /* The sandbox has a loopback of its own. */
  direct: ['localhost', '127.0.0.1', '::1'],
};

/** native/descriptors.h */
const HOSTS_FD = 7;
const RESOLV_FD = 8;

/** Policy and facts to plan, without touching the machine. Throws SRT_COMPILE_UNENFORCEABLE for
 * what cannot be kept here. */
export function compileLaunch(policy: Policy, facts: HostFacts, caller: Environment): LaunchPlan {
  const {
    rules: listed,
    nameless,
    notices,
  } = resolveRules([...policy.paths, ...foundRules(facts.matches)], facts.paths);
  const shown = [...listed, ...showWorkingDirectory(listed, facts.cwd)];
  const homes = policy.homes.map((home) => {
    const fact = facts.paths.get(home);
    return fact && fact.kind !== 'unreachable' ? fact.real : home;
  });
  const named = nameRules({
    rules: shown,
    nameless,
    patterns: policy.patterns,
    protectedNames: policy.protectedNames,
    homes,
    facts: facts.paths,
    caseInsensitive: false,
  });
  const rules = [...shown, ...named.opened];
  const folders = new Set(
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
    isDirectory: (path) => folders.has(path),
    rootLinks: facts.rootLinks,
  });
  const placements = placeMounts(mounts, facts.identities);
  const sockets = compileUnixSockets({
    ...{ sockets: policy.unixSockets ?? [], facts: facts.paths },
    ...{ rules, homes },
  });
  const { environment, withheld, ...told } = compileEnvironment(
    caller,
    policy.environment ?? INHERIT,
    { ...SURROUNDINGS, sockets: sockets.spellings },
  );
  return {
    bubblewrap: facts.bubblewrap.path,
    helper: facts.helper,
    options: bubblewrapOptions(mounts, placements),
    placements,
    uid: facts.uid,
    gid: facts.gid,
    cwd: facts.cwd,
    names: compileNames(named.changes),
    mediate: policy.transparent,
    sockets: sockets.paths,
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
      ...named.notices,
      ...warnOfWideRoots(rules, homes),
      ...sockets.notices,
      ...warnOfHidden(sockets.entries, rules),
      ...told.notices,
    ],
  };
}

/** Patterns of reading mean what there is when srt looks. */
function foundRules(matches: HostFacts['matches']): PathRule[] {
  return [...matches].flatMap(([{ list, source }, paths]) =>
    paths.map((path): PathRule => ({ list, path, source })),
  );
}

function forwardListener({ direction, sandboxPort }: Forward): ServedListener[] {
  const listener = { service: 'forward', kind: 'tcp', port: sandboxPort } as const;
  return direction === 'to-host' ? [listener] : [];
}
