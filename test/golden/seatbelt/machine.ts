/* A Mac that never changes: the facts that a profile is compiled from. It is none that exists. */
import type { SeatbeltFacts } from '../../../src/compile/seatbelt/facts.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { pretend } from '../pretend.ts';

export const HOME = '/Users/me';

const FILES = [
  '/Users/me/.aws/config',
  '/Users/me/.cache/x',
  '/Users/me/.claude.json',
  '/Users/me/.config/gh/hosts.yml',
  '/Users/me/.npmrc',
  '/Users/me/.srt-settings.json',
  '/Users/me/.ssh/id_ed25519',
  '/Users/me/.ssh/known_hosts',
  '/Users/me/.zsh_history',
  '/Users/me/Library/Application Support/Google/Chrome/Default/Cookies',
  '/Users/me/Library/Application Support/pip/pip.conf',
  '/Users/me/Library/Keychains/login.keychain-db',
  '/Users/me/bin/tool',
  '/Users/me/notes/a.md',
  '/Users/me/vault/key.pub',
  '/Users/me/project/.env',
  '/Users/me/project/.git/hooks/pre-commit',
  '/Users/me/project/.vscode/snippets/x',
  '/Users/me/project/a "b" (c); \\d/x',
  '/Users/me/project/src/main.ts',
  '/opt/homebrew/bin/node',
  '/opt/srt/dist/srt.cjs',
  '/private/etc/hosts',
  '/private/tmp/build/Makefile',
  '/private/var/run/docker.sock',
  '/private/var/folders/ab/cd/T/x',
  '/usr/bin/git',
];

/** By the link; each leads to a folder. */
const LINKS: ReadonlyMap<string, string> = new Map([
  ['/Users/me/current', '/Users/me/project'],
  ['/etc', '/private/etc'],
  ['/tmp', '/private/tmp'],
  ['/var', '/private/var'],
]);

const probe = pretend(FILES, LINKS);

export function factsFor(policy: Policy, cwd: string): SeatbeltFacts {
  return {
    paths: new Map(
      [
        ...[...policy.paths, ...(policy.unixSockets ?? [])].map(({ path }) => path),
        ...policy.patterns.map(({ base }) => base),
        ...policy.homes,
      ].map((path) => [path, probe(path)]),
    ),
    cwd,
    temporary: '/private/var/folders/ab/cd/T/srt-0001',
    userTemporary: '/var/folders/ab/cd/T',
    caseInsensitive: true,
  };
}
