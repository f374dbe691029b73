/* Threat: what a name protects is made, replaced, changed or led elsewhere by a call or a spelling that
 * nobody thought of: the next commit runs the hook, the next start of a client the server. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { requires } from '../support/requires.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutside } from '../support/try-syscall.ts';
import { listTree } from './support/tree.ts';

const HERE = -100; /* AT_FDCWD */
const [READ, WRITE, CREATE, TRUNCATE] = [0, 1, 0o100, 0o1000];
const EXCHANGE = 2;
const HOOK = '.git/hooks/pre-commit';
const at = (name: string) => `${HERE}:'${name}`;
const make = (name: string) => `openat:${at(name)}:${CREATE | WRITE}:0644`;
const folder = (name: string) => `mkdirat:${at(name)}:0755`;
const open = (flags: number) => `openat:${at(HOOK)}:${flags}`;
const mode = (call: string, rest = '') => `${call}:${at(HOOK)}:0755${rest}`;
const link = (target: string, name: string) => `symlinkat:'${target}:${at(name)}`;
const alias = (from: string, to: string) => `linkat:${at(from)}:${at(to)}:0`;
const move = (from: string, to: string, flags = 0) => `renameat2:${at(from)}:${at(to)}:${flags}`;

/** "@" is the folder of the project. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'what is not there, made': [
    make('.mcp.json'),
    `openat:${at('.mcp.json')}:${CREATE | READ}:0644`,
    make('free/.mcp.json'),
    make(`.git/hooks/post-commit`),
    folder('.github/hooks'),
    folder('.husky'),
    folder('.husky/'),
    folder('.husky//'),
    folder('free/.husky'),
    `mknodat:${at('.mcp.json')}:0010644:0`,
    link('free/file', '.mcp.json'),
    alias('free/file', '.mcp.json'),
    move('free/file', '.mcp.json'),
    'name-unnamed:free:.mcp.json',
    'name-unnamed:.:.mcp.json',
    'pair-bind:.mcp.json',
    'pair-bind:free/.mcp.json',
  ],
  'by another spelling': [
    ...['free/../.mcp.json', './/free/./..//.mcp.json', '@/.mcp.json', '/..@/.mcp.json'],
    ...['/proc/self/cwd/.mcp.json', '/proc/thread-self/cwd/.mcp.json'],
    ...['/proc/self/root@/.mcp.json', '/proc/self/root/proc/self/cwd/.mcp.json'],
    ...['/proc/self/task/../cwd/.mcp.json', 'free/here/.mcp.json', 'free/here/free/here/.mcp.json'],
    ...['.MCP.json', '.mcp.JSON', '.m\u200dcp.json', '\ufeff.mcp.json', '.mcp.j\u017fon'],
  ].map(make),
  'through a descriptor of the folder': [
    'through:/dev/fd/%d/.mcp.json',
    'through:/proc/self/fd/%d/.mcp.json',
    'through:/proc/thread-self/fd/%d/.mcp.json',
    'through:/proc/self/fd/../fd/%d/free/../.mcp.json',
    'through:/proc/self/fdinfo/../fd/%d/./.mcp.json',
  ],
  'with a wide letter that is one to a file system': [folder('.hu\u017fky'), folder('.HUS\u212aY')],
  'what is there, changed': [
    ...[WRITE, 2, TRUNCATE | READ, TRUNCATE | WRITE, CREATE | WRITE, CREATE | TRUNCATE].map(open),
    `truncate:'${HOOK}:0`,
    mode('fchmodat'),
    mode('fchmodat2', ':0'),
    mode('fchmodat2', ':0x100'),
    `fchmodat:${at('free/worktree/.git')}:0755`,
    `unlinkat:${at(HOOK)}:0`,
    `unlinkat:${at('.git/config')}:0`,
    alias(HOOK, 'free/alias'),
    move(HOOK, 'free/moved'),
    move('free/file', HOOK),
    move('free/file', HOOK, EXCHANGE),
    move(HOOK, 'free/file', EXCHANGE),
  ],
  'a folder that leads there, moved or led elsewhere': [
    move('.git', 'free/git'),
    move('.git/hooks', 'free/hooks'),
    move('.github', 'free/github'),
    move('free/evil', 'free/.github'),
    move('free/evil/', 'free/.github/'),
    move('free/evil', '.vscode'),
    move('free/evil', '.github', EXCHANGE),
    move('.github', 'free/evil', EXCHANGE),
    link('evil', 'free/.github'),
    link('evil', 'free/.git'),
    move('free/link', 'free/.github'),
    alias('free/link', 'free/.github'),
    alias('free/link', 'free/.GITHUB'),
    alias('free/file', 'free/.git'),
  ],
};
const OTHERWISE: readonly (readonly [act: string, inside: Outcome])[] = [
  [`list-mode:${HOOK}`, 'EOPNOTSUPP'],
  [`setxattr:'free/file:'user.x:@:1:0`, 'EOPNOTSUPP'],
  [`openat2:${at('free/file')}:@:24`, 'ENOSYS'],
];
const ALLOWED = [
  make('free/other.json'),
  link('evil', 'free/second'),
  alias('free/file', 'free/third'),
  alias('free/link', 'free/fourth'),
  move('free/file', 'free/fifth'),
  folder('free/.github'),
  `fchmodat2:${at('free/self/')}:0700:0x100`,
  'through:/dev/fd/%d/free/seventh',
  'name-unnamed:free:free/eighth',
];

function makeProject(): Scratch {
  const dir = scratch();
  for (const name of [HOOK, '.git/config', '.github/workflows/ci.yml']) dir.file(`work/${name}`);
  dir.file('work/free/file', 'evil');
  dir.file('work/free/evil/hooks/evil.json', 'evil');
  symlinkSync('evil', join(dir.path, 'work/free/link'));
  symlinkSync('..', join(dir.path, 'work/free/here'));
  symlinkSync('/proc/self/cwd', join(dir.path, 'work/free/self'));
  dir.file('work/free/worktree/.git');
  return dir;
}

const machine = requires('a C compiler', TRY_SYSCALL !== null);

describe('inside', () => {
  let dir: Scratch;
  let work: string;
  let inside: Record<string, Outcome>;
  let before: string[];
  let after: string[];
  const place = (act: string, where: string) => act.replaceAll('@/', `${where}/`);
  const acts = [...Object.values(REFUSED).flat(), ...OTHERWISE.map(([act]) => act)];
  beforeAll(async () => {
    dir = makeProject();
    work = join(dir.path, 'work');
    const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
    before = listTree(work);
    const calls = acts.map((act) => place(act, work));
    inside = await tryInside(calls, ['-s', settings], { cwd: work });
    after = listTree(work);
  });
  afterAll(() => dir.remove());

  /** In a project of its own: what one act does must not keep the next from it. */
  async function control(act: string): Promise<Outcome | undefined> {
    const copy = makeProject();
    const call = place(act, join(copy.path, 'work'));
    const outcome = await tryOutside([call], { cwd: join(copy.path, 'work') });
    copy.remove();
    return outcome[call];
  }

  const rows = Object.entries(REFUSED).flatMap(([what, list]) => list.map((act) => [what, act]));
  machine.each(rows)('%s: %s', async (_what: string, act: string) => {
    expect(inside[place(act, work)]).toBe('EACCES');
    expect(await control(act)).toEqual(expect.any(Number));
  });

  machine.each(OTHERWISE)('%s gives %s', async (act: string, expected: Outcome) => {
    expect(inside[place(act, work)]).toBe(expected);
    expect(await control(act)).toEqual(expect.any(Number));
  });

  machine('the project is as it was, to the nanosecond', () => {
    expect(after).toEqual(before);
  });

  machine('but for what is protected, all of it works', async () => {
    const copy = makeProject();
    const settings = copy.settings({ filesystem: { allowWrite: ['.'] } });
    const outcomes = await tryInside(ALLOWED, ['-s', settings], { cwd: join(copy.path, 'work') });
    copy.remove();
    expect(Object.values(outcomes)).toEqual(ALLOWED.map(() => expect.any(Number)));
  });
});
