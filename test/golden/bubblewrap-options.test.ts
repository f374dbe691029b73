import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLaunch } from '../../src/compile/compile.ts';
import { loadText } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { toPolicy } from '../../src/settings/to-policy.ts';
import { factsFor, HOME } from './machine.ts';

/* Every option that bubblewrap gets, in its order, which is what makes it safe. A change of a .txt
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

/** One option with its values per line. */
function lines(options: readonly string[]): string {
  return `${options.join(' ').replaceAll(' --', '\n--')}\n`;
}

function compile({ settings, cwd, name }: Case) {
  const protect = ['/opt/srt', `${HOME}/.srt-settings.json`];
  const loaded = loadText(JSON.stringify(settings), 'settings.json');
  const policy = toPolicy(loaded, { home: HOME, cwd, protect, name: name ?? null });
  return compileLaunch(policy, factsFor(policy, cwd), new Map());
}

test.each(Object.entries(CASES))('%s', (name, { told = [], ...given }) => {
  const { options, notices } = compile(given);
  expect(lines(options)).toBe(readFileSync(join(__dirname, `${name}.txt`), 'utf8'));
  expect(notices).toEqual(told);
});

test('each file has its case', () => {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.txt'));
  expect(files.sort()).toEqual(
    Object.keys(CASES)
      .map((name) => `${name}.txt`)
      .sort(),
  );
});
