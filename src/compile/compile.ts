import type { ServedListener } from '../boundary.ts';
import type { Environment, HostFacts } from '../host/facts.ts';
import { INHERIT } from '../policy/environment.ts';
import { type Forward, SANDBOX_PORTS } from '../policy/forward.ts';
import type { PathRule } from '../policy/path-rules.ts';
import type { Policy } from '../policy/policy.ts';
import { compileEnvironment } from './environment.ts';
import { type Known, placeMounts } from './mounts/place-mounts.ts';
import { planMounts } from './mounts/plan-mounts.ts';
import { resolveRules } from './mounts/resolve-rules.ts';
import { refuseTooMany } from './mounts/too-many.ts';
import { hostsFile, RESOLVER_FILE } from './name-files.ts';
import { namesByMount } from './names/by-mount.ts';
import { nameRules } from './names/change-rules.ts';
import { compileNames } from './names/compile-names.ts';
import { planPlaceholders } from './names/placeholders.ts';
import type { LaunchPlan } from './plan.ts';
import { pathsOf, planCaches } from './private-caches.ts';
import { refuseOtherSpelling, showWorkingDirectory } from './unenforceable.ts';
import { compileUnixSockets, warnOfHidden } from './unix-sockets.ts';
import { warnOfWideRoots } from './wide-roots.ts';
import { openingPatterns, writableBy } from './writable-by.ts';

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

/** Policy and facts to plan, without touching the machine. Throws SRT_COMPILE_UNENFORCEABLE for
 * what cannot be kept here. */
export function compileLaunch(policy: Policy, facts: HostFacts, caller: Environment): LaunchPlan {
  const byMount = policy.names === 'mount' ? namesByMount(policy, facts) : null;
  const paths = [
    ...policy.paths,
    ...foundRules(facts.matches),
    ...hideLease(facts.leaseFolder),
    ...(byMount?.rules ?? []),
  ];
  const {
    rules: listed,
    nameless,
    notices,
  } = resolveRules(paths, {
    facts: facts.paths,
    patterns: policy.patterns,
    standIns: byMount !== null,
  });
  for (const rule of listed) refuseOtherSpelling(rule, facts.openOtherwise);
  const caches = planCaches(policy.caches, { listed, nameless }, facts);
  const known = [...listed, ...caches.rules];
  const shown = [...known, ...showWorkingDirectory(known, facts.cwd)];
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
        ownFolder: caches.inside,
        protectedNames: policy.protectedNames,
        homes,
        facts: facts.paths,
        ignoredCase: facts.ignoredCase,
      });
  const planned = byMount && planPlaceholders(paths, shown, facts, byMount.standIns);
  const rules = [...shown, ...(named?.opened ?? [])];
  const directories = new Set([
    ...[...facts.paths.values()].flatMap((fact) => (fact.kind === 'directory' ? [fact.real] : [])),
    ...caches.rules.map(({ path }) => path),
  ]);
  const { hosts, resolver } = policy.transparent
    ? facts.nameFiles
    : { hosts: null, resolver: null };
  const ownHosts = hosts && hostsFile(hosts.text);
  const mounts = planMounts({
    rules,
    files: [
      ...(ownHosts ? [{ path: hosts.path, content: ownHosts }] : []),
      ...(resolver === null ? [] : [{ path: resolver, content: RESOLVER_FILE }]),
    ],
    ownFolder: caches.ownFolder,
    cwd: facts.cwd,
    isDirectory: (path) => directories.has(path),
    rootLinks: facts.rootLinks,
  });
  refuseTooMany(mounts, rules);
  const identities = new Map<string, Known>(facts.identities);
  for (const path of caches.folders.flatMap(pathsOf)) identities.set(path, 'at-start');
  const placements = placeMounts(mounts, identities);
  const sockets = compileUnixSockets({
    ...{ sockets: policy.unixSockets ?? [], facts: facts.paths, homes },
    isWritable: writableBy(shown, openingPatterns(policy.patterns, facts.paths)),
  });
  const { environment, withheld, ...told } = compileEnvironment(
    caller,
    policy.environment ?? INHERIT,
    { ...SURROUNDINGS, caches: caches.inside, sockets: sockets.spellings },
  );
  return {
    bubblewrap: facts.bubblewrap.path,
    helper: facts.helper,
    placements,
    folders: caches.folders,
    uid: facts.uid,
    gid: facts.gid,
    cwd: facts.cwd,
    names: named && compileNames(named.changes, facts.usualNames),
    placeholders: planned && {
      lease: facts.leaseFolder,
      folders: planned.folders,
      unkept: [...byMount.unkept, ...planned.unkept],
    },
    mediate: policy.transparent,
    sockets: sockets.paths,
    listeners: [
      ...PROXIES,
      ...(policy.transparent ? TRANSPARENT : []),
      ...policy.forwards.flatMap(forwardListener),
    ],
    environment,
    withheld,
    notices: [
      ...notices,
      ...((byMount ?? named)?.notices ?? []),
      ...warnOfWideRoots(rules, homes),
      ...sockets.notices,
      ...warnOfHidden(sockets.entries, rules),
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
