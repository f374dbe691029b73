/* A machine that never changes: the facts that a plan is compiled from, without any disk. */
import { dirname } from 'node:path';
import type { HostFacts } from '../../src/host/facts.ts';
import type { PathFact } from '../../src/host/paths.ts';
import type { Policy } from '../../src/policy/policy.ts';

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

const folders = new Set<string>(['/']);
for (const file of FILES) {
  for (let above = dirname(file); above !== '/'; above = dirname(above)) folders.add(above);
}

function probe(path: string): PathFact {
  const [link, target] = [...LINKS].find(([at]) => `${path}/`.startsWith(`${at}/`)) ?? [];
  if (link !== undefined) {
    const fact = probe(target + path.slice(link.length));
    return fact.kind === 'unreachable' ? fact : { ...fact, links: [link] };
  }
  if (folders.has(path)) return { kind: 'directory', real: path, links: [] };
  return { kind: FILES.includes(path) ? 'file' : 'missing', real: path, links: [] };
}

export function factsFor(policy: Policy, cwd: string): HostFacts {
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
    rootLinks: new Map([
      ['/bin', 'usr/bin'],
      ['/lib', 'usr/lib'],
      ['/lib64', 'usr/lib64'],
    ]),
    paths: new Map(policy.paths.map(({ path }) => [path, probe(path)])),
  };
}
