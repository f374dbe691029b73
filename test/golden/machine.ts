/* A machine that never changes: the facts that a plan is compiled from, without any disk. */
import type { HostFacts } from '../../src/host/facts.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { pretend } from './pretend.ts';

export const HOME = '/home/me';

const FILES = [
  '/etc/hosts',
  '/home/me/.aws/config',
  '/home/me/.bash_history',
  '/home/me/.cache/x',
  '/home/me/.claude.json',
  '/home/me/.config/gh/hosts.yml',
  '/home/me/.local/bin/tool',
  '/home/me/.netrc',
  '/home/me/.npmrc',
  '/home/me/.srt-settings.json',
  '/home/me/.ssh/id_ed25519',
  '/home/me/.ssh/known_hosts',
  '/home/me/project/.env',
  '/home/me/project/.git/hooks/pre-commit',
  '/home/me/project/src/main.ts',
  '/opt/srt/dist/srt.cjs',
  '/tmp/build/Makefile',
  '/usr/bin/node',
];

/** By the link; each leads to a folder. */
const LINKS: ReadonlyMap<string, string> = new Map([['/home/me/current', '/home/me/project']]);

const probe = pretend(FILES, LINKS);

const LEASE = '/home/me/.local/state/srt/lease';

export function factsFor(policy: Policy, cwd: string): HostFacts {
  const paths = new Map(
    [HOME, ...policy.paths.map(({ path }) => path), LEASE].map((path) => [path, probe(path)]),
  );
  const real = [...paths.values()].flatMap((fact) => ('real' in fact ? [fact.real] : []));
  return {
    uid: 1000,
    gid: 1000,
    cwd,
    bubblewrap: { path: '/usr/bin/bwrap', version: '0.8.0' },
    helper: '/opt/srt/dist/native/srt-init-x64',
    nameFiles: {
      hosts: { path: '/etc/hosts', text: '192.0.2.7 intranet.example.com\n' },
      resolver: '/run/resolver/stub-resolv.conf',
    },
    leaseFolder: LEASE,
    ignoredCase: new Set(),
    openOtherwise: new Set(),
    emptyFolders: new Set(),
    rootLinks: new Map([
      ['/bin', 'usr/bin'],
      ['/lib', 'usr/lib'],
      ['/lib64', 'usr/lib64'],
    ]),
    paths,
    matches: new Map(),
    usualNames: null,
    identities: new Map(
      [...real, cwd].map((path, number) => [path, { device: 1n, inode: BigInt(number) }]),
    ),
  };
}
