import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLaunch } from '../../src/compile/compile.ts';
import type { PlacedMount, Placement } from '../../src/compile/mounts/place-mounts.ts';
import { loadText } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { toPolicy } from '../../src/settings/to-policy.ts';
import { factsFor, HOME } from './machine.ts';

/* Everything that srt-init makes the sandbox's file tree of, in the order which is what makes it safe. A change of a .txt
 * file is a change of the sandbox: it is written by hand and reviewed, never by a test run. */

const FILES = join(__dirname, 'mounts');
const PROJECT = `${HOME}/project`;

interface Case {
  settings: Settings;
  cwd: string;
  name?: string;
  told?: string[];
}

const CASES: Record<string, Case> = {
  'no-settings': { settings: {}, cwd: PROJECT },
  project: {
    settings: { filesystem: { allowWrite: ['.'], denyWrite: ['.env', '.git/hooks'] } },
    cwd: PROJECT,
  },
  'below-tmp': { settings: { filesystem: { allowWrite: ['.'] } }, cwd: '/tmp/build' },
  'home-denied': {
    settings: {
      filesystem: {
        denyRead: ['~'],
        allowRead: ['~/.local/bin', '~/.ssh/known_hosts'],
        allowWrite: ['~/current'],
        denyWrite: ['~/project/.git'],
      },
    },
    cwd: PROJECT,
  },
  'everything-denied': {
    settings: { filesystem: { denyRead: ['/'], allowRead: ['/usr', '/etc', '.'] } },
    cwd: PROJECT,
  },
  'everything-writable': {
    settings: {
      filesystem: { allowWrite: ['/'], denyRead: ['~/project/.env'], denyWrite: ['/usr'] },
    },
    cwd: '/',
    told: [
      'filesystem.allowWrite "/" (settings.json:1:30) makes the whole file system writable; name smaller folders',
    ],
  },
  'stores-opened': {
    settings: {
      filesystem: { allowRead: ['~/.aws', '~/.ssh/known_hosts'], allowWrite: ['~/.cache'] },
    },
    cwd: HOME,
  },
  'caches-of-one-run': { settings: { filesystem: { privateCaches: true } }, cwd: PROJECT },
  'caches-of-a-name': {
    settings: { filesystem: { privateCaches: true, denyRead: ['~'], allowWrite: ['.'] } },
    cwd: PROJECT,
    name: 'files',
  },
};

/** One line for each: its number, what it is and where, the mount that it lies in and the path from there. */
function lines({ placements }: ReturnType<typeof compile>): string {
  return `${placements.map(placed).join('\n')}\n`;
}

function placed({ mount, parent, below, sealed, identity }: Placement, number: number): string {
  const known = identity === 'at-start' ? identity : identity && 'known';
  const marks = [sealed && 'sealed', known].filter(Boolean).join(' ');
  const [where, place] = [`${what(mount)} ${mount.path}`, `${parent} + "${below}"`];
  return `${number} ${where} = ${place} ${marks}`.trim();
}

function what(mount: PlacedMount): string {
  if (mount.op === 'symlink') return `symlink to ${mount.target}`;
  return 'mode' in mount ? `${mount.op} ${mount.mode.toString(8)}` : mount.op;
}

function compile({ settings, cwd, name }: Case) {
  const protect = ['/opt/srt', `${HOME}/.srt-settings.json`];
  const loaded = loadText(JSON.stringify(settings), 'settings.json');
  const given = { home: HOME, cwd, platform: 'linux', protect, name: name ?? null } as const;
  const policy = toPolicy(loaded, given);
  return compileLaunch(policy, factsFor(policy, cwd), new Map());
}

test.each(Object.entries(CASES))('%s', (name, { told = [], ...given }) => {
  const plan = compile(given);
  expect(lines(plan)).toBe(readFileSync(join(FILES, `${name}.txt`), 'utf8'));
  expect(plan.notices).toEqual(told);
});

test('each file has its case', () => {
  const files = readdirSync(FILES);
  expect(files.sort()).toEqual(
    Object.keys(CASES)
      .map((name) => `${name}.txt`)
      .sort(),
  );
});
