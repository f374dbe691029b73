import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeatbeltFacts } from '../../../src/compile/seatbelt/facts.ts';
import { compileProfile } from '../../../src/compile/seatbelt/profile.ts';
import type { MacGrant } from '../../../src/policy/mac-grants.ts';
import { PROTECTED_NAMES } from '../../../src/policy/protected-names.ts';
import { loadText } from '../../../src/settings/load.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { decide, readProfile } from '../../support/seatbelt/evaluate.ts';
import { factsFor, HOME } from './machine.ts';

/* Every profile as a whole. A change of a .sb file here is a change of the sandbox: it is made by
 * hand and reviewed, never by a test run. None of them was run on a Mac. */

const PROJECT = `${HOME}/project`;

/* Two names say how all are written; no-settings has every one that is protected by default. */
const IN_FORCE = ['git-hooks', 'vscode'];

function only(names: readonly string[], filesystem: Settings['filesystem'] = {}): Settings {
  const off = PROTECTED_NAMES.map(({ name }) => name).filter((name) => !names.includes(name));
  return { filesystem: { ...filesystem, protect: { off } } };
}

const project = only(IN_FORCE, { allowWrite: ['.'] });

interface Case {
  settings: Settings;
  cwd?: string;
  facts?: Partial<SeatbeltFacts>;
  grants?: MacGrant[];
  notices?: string[];
}

const CASES: Record<string, Case> = {
  'no-settings': { settings: {} },
  project: {
    settings: only(IN_FORCE, { allowWrite: ['.'], denyWrite: ['.env', '.git/hooks'] }),
  },
  'names-that-are-missing': {
    settings: only(IN_FORCE, { allowWrite: ['.'], denyWrite: ['.husky/_', '.mcp.json'] }),
  },
  'case-sensitive': {
    settings: only(IN_FORCE, { allowWrite: ['.'], denyWrite: ['.husky/_', '.mcp.json'] }),
    facts: { caseInsensitive: false },
  },
  'names-in-the-home-folder': {
    settings: only(['git-hooks', 'shell-environments'], { allowWrite: ['~'] }),
    notices: [
      'filesystem.allowWrite "~" (settings.json:1:30) makes the home folder writable; name smaller folders',
    ],
  },
  'folder-in-a-protected-name': {
    settings: only(IN_FORCE, { allowWrite: ['.', '.vscode/snippets'] }),
  },
  patterns: {
    settings: only([], {
      denyRead: ['**/*.pem', '~/vault'],
      allowRead: ['~/vault/**/*.pub'],
      allowWrite: ['.', '~/notes/[a-z]*.md'],
      denyWrite: ['src/*/generated', '**/*.lock', '{LICENSE,NOTICE}?'],
    }),
  },
  'below-tmp': { settings: project, cwd: '/private/tmp/build' },
  'home-denied': {
    settings: only(IN_FORCE, {
      denyRead: ['~'],
      allowRead: ['~/bin', '~/.ssh/known_hosts'],
      allowWrite: ['~/current'],
      denyWrite: ['~/project/.git'],
    }),
  },
  'everything-denied': {
    settings: only([], { denyRead: ['/'], allowRead: ['/usr', '/System', '/etc', '.'] }),
  },
  'everything-writable': {
    settings: only(IN_FORCE, {
      allowWrite: ['/'],
      denyRead: ['~/project/.env'],
      denyWrite: ['/usr'],
    }),
    cwd: '/',
    notices: [
      'filesystem.allowWrite "/" (settings.json:1:30) makes the whole file system writable; name smaller folders',
    ],
  },
  'stores-opened': {
    settings: only([], {
      allowRead: ['~/.aws', '~/.ssh/known_hosts'],
      allowWrite: ['~/.cache'],
    }),
    cwd: HOME,
  },
  'odd-names': {
    settings: only([], {
      allowWrite: ['.'],
      denyRead: ['a "b" (c); \\d'],
      denyWrite: ['line\nbreak', 'r\u00e9sum\u00e9', '*"(\u00e9\\*;'],
    }),
  },
  'own-temporary-folder-alone': {
    settings: only([], { allowWrite: ['./missing'] }),
    facts: { userTemporary: null },
    notices: [
      'filesystem.allowWrite "./missing" (settings.json:1:30) does not exist, so it cannot be written',
    ],
  },
  'ports-and-services': {
    settings: {
      network: {
        forward: ['host:5432 -> 5432', '8080 -> host:8080'],
        allowMachLookup: ['com.example.service', 'com.example.agents.*'],
      },
      ...only([]),
    },
  },
  'unix-sockets': {
    settings: {
      network: { allowUnixSockets: ['/var/run/docker.sock', '~/current', '/tmp/missing'] },
      ...only([]),
    },
    notices: [
      'network.allowUnixSockets "/var/run/docker.sock" (settings.json:1:33) gives away Docker: root on this machine, outside of the sandbox',
    ],
  },
  'every-grant': {
    settings: project,
    grants: ['keychain', 'launch-services', 'apple-events', 'trust', 'local-binding'],
  },
};

function compile({ settings, cwd = PROJECT, facts = {}, grants = [] }: Case) {
  const protect = ['/opt/srt', `${HOME}/.srt-settings.json`];
  const loaded = loadText(JSON.stringify(settings), 'settings.json');
  const policy = toPolicy(loaded, { home: HOME, cwd, platform: 'darwin', protect });
  return compileProfile({
    ...{ rules: policy.paths, patterns: policy.patterns, protectedNames: policy.protectedNames },
    facts: { ...factsFor(policy, cwd), ...facts },
    gatePort: 49200,
    tag: 'srt-1f2e3d',
    forwards: policy.forwards,
    grants,
    services: policy.macos?.services ?? [],
    sockets: policy.unixSockets ?? [],
    homes: policy.homes,
  });
}

test.each(Object.entries(CASES))('%s', (name, given) => {
  const { text, notices } = compile(given);
  expect(text).toBe(readFileSync(join(__dirname, `${name}.sb`), 'utf8'));
  expect(notices).toEqual(given.notices ?? []);
  expect(() => readProfile(text)).not.toThrow();
});

test('each file has its case', () => {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.sb'));
  expect(files.sort()).toEqual(
    Object.keys(CASES)
      .map((name) => `${name}.sb`)
      .sort(),
  );
});

/** The rules of a profile that have no reason above them, nor one for each of their paths. */
function unreasoned(text: string): string[] {
  const rules = text.split(/\n(?=[(;])/).map((part) => part.trim());
  return rules.filter((rule, at) => {
    if (!rule.startsWith('(') || rules[at - 1]?.startsWith('; ')) return false;
    let known = '';
    return rule.split('\n').some((line) => {
      const [, path, reason] =
        /^ {2}\((?:literal|subpath) "(?:\/private)?(.*)"\)+( ; .+)?$/.exec(line) ?? [];
      if (path === undefined) return !/^\((allow|deny) |^ {2}\(with message /.test(line);
      if (reason !== undefined) known = path;
      return path !== known;
    });
  });
}

test.each(Object.keys(CASES))('every rule of %s has a reason', (name) => {
  const { text } = compile(CASES[name] as Case);
  expect(unreasoned(text)).toEqual(['(version 1)']);
  const [first = ''] = text.split('\n\n; Writing')[0]?.split('\n\n').slice(-1) ?? [];
  /* The control: without their reasons they are found. */
  expect(unreasoned(first.replaceAll(/ ; .*/g, '')).length).toBeGreaterThan(0);
});

describe('a Unix socket', () => {
  const answer = (name: string, remoteSocket: string) => {
    const profile = readProfile(compile(CASES[name] as Case).text);
    return decide(profile, { operation: 'network-outbound', remoteSocket }).allowed;
  };

  test.each([
    ['/private/var/run/docker.sock', true],
    ['/private/var/run/docker.sock.other', false],
    ['/private/var/run/other.sock', false],
    ['/Users/me/project/below/socket', true],
    ['/Users/me/project-2/socket', false],
    ['/private/tmp/missing', true],
  ])('%s: %s', (path, allowed) => {
    expect(answer('unix-sockets', path)).toBe(allowed);
    expect(answer('no-settings', path)).toBe(false);
  });
});
