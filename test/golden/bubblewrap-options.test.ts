import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Placement } from '../../src/compile/bubblewrap/placements.ts';
import { compileLaunch } from '../../src/compile/compile.ts';
import { loadText } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { toPolicy } from '../../src/settings/to-policy.ts';
import { factsFor, HOME } from './machine.ts';

/* Every option that bubblewrap gets, and what srt-init then does with the mounts, in the order
 * which is what makes it safe. A change of a .txt
 * file is a change of the sandbox: it is written by hand and reviewed, never by a test run. */

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

/** One option with its values per line, then one line for each mount that srt-init places. */
function lines({ options, placements }: ReturnType<typeof compile>): string {
  const made = options.join(' ').replaceAll(' --', '\n--');
  return `${[made, ...placements.map(placed)].join('\n')}\n`;
}

function placed(placement: Placement, number: number): string {
  const { kind, path, parent, below, own, sealed, identity } = placement;
  const known = identity === 'at-start' ? identity : identity && 'known';
  const marks = [own && 'own', sealed && 'sealed', known].filter(Boolean).join(' ');
  return `${number} ${kind} ${path} = ${parent} + "${below}" ${marks}`.trim();
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
  expect(lines(plan)).toBe(readFileSync(join(__dirname, `${name}.txt`), 'utf8'));
  expect(plan.notices).toEqual(told);
});

test('each file has its case', () => {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.txt'));
  expect(files.sort()).toEqual(
    Object.keys(CASES)
      .map((name) => `${name}.txt`)
      .sort(),
  );
});
