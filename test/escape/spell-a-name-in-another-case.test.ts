/* Threat: on a file system that takes any case of a name, what is denied by one spelling is reached by
 * another, by that of one character for several letters too ("ﬁ"). Behind FUSE, 9p or a network file system each spelling is a name of its own to the kernel,
 * so that not even a mount on the name is in the way (a Windows drive in WSL, a folder that a virtual
 * machine shares). */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, requires } from '../support/requires.ts';
import { ROOT, run, type Scratch, scratch, srt } from '../support/srt.ts';

const PYTHON = '/usr/bin/python3';
const SERVER = join(ROOT, 'test/support/any-case-files.py');
const canMount =
  isRoot &&
  existsSync('/dev/fuse') &&
  spawnSync(PYTHON, ['-c', 'import fusepy; fusepy.FUSE']).status === 0;
const whereMountable = requires('root, /dev/fuse and python3-fusepy', canMount);

let dir: Scratch;
let work: string;
let unmount = async () => {};
beforeEach(async () => {
  dir = scratch();
  if (!canMount) return;
  dir.folder('store');
  work = dir.folder('work');
  const server = spawn(PYTHON, [SERVER, join(dir.path, 'store'), work], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    server.stdout.once('data', () => resolve());
    server.once('exit', (code) => reject(new Error(`the file system ended with ${code}`)));
  });
  const gone = new Promise((resolve) => server.once('exit', resolve));
  unmount = async () => {
    spawnSync('umount', ['--lazy', work]);
    await gone;
  };
  for (const name of ['locked.txt', 'key.pem', 'secret', 'plain'])
    writeFileSync(join(work, name), name);
});
afterEach(async () => {
  await unmount();
  dir.remove();
});

type Filesystem = Readonly<Record<string, readonly string[]>>;

/** Runs a shell line in the folder: inside, and as the control outside. */
async function attack(filesystem: Filesystem, line: string) {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'], ...filesystem } });
  const inside = await srt(['-s', settings, '-c', line], { cwd: work });
  const outside = await run(['sh', '-c', line], { cwd: work });
  return { inside, outside: outside.code };
}

whereMountable.each([
  ['a path', { denyWrite: ['./locked.txt'] }, 'echo x >> LOCKED.txt', 'Read-only|Permission'],
  ['what fits a pattern', { denyWrite: ['**/*.pem'] }, 'echo x >> Key.PEM', 'Permission'],
  ['a new name that fits it', { denyWrite: ['**/*.pem'] }, 'echo x > new.PEM', 'Permission'],
  ['a path that is missing', { denyWrite: ['./absent'] }, 'mkdir ABSENT', 'Read-only|Permission'],
  ['a protected name', {}, 'echo x > .MCP.json', 'Permission'],
  ['one with letters joined', {}, 'mkdir -p .git && echo x > .git/con\ufb01g', 'Permission'],
  ['a path with letters joined', { denyWrite: ['./\u00df'] }, 'mkdir ss', 'Read-only|Permission'],
  ['a pattern with letters joined', { denyWrite: ['**/*fi?'] }, 'echo > x\ufb01x', 'Permission'],
])('%s is not written by another spelling', async (_what, filesystem, line, said) => {
  const before = readFileSync(join(work, 'key.pem'), 'utf8');
  const { inside, outside } = await attack(filesystem as Filesystem, line as string);
  expect(inside.stderr).toMatch(new RegExp(said as string));
  expect(inside.code).not.toBe(0);
  expect(outside).toBe(0);
  expect(before).toBe('key.pem');
});

whereMountable('what is not denied is written by any spelling', async () => {
  const denied = { denyWrite: ['./locked.txt', '**/*.pem'] };
  const { inside, outside } = await attack(denied, 'echo x >> PLAIN && echo x > new.TXT');
  expect({ code: inside.code, stderr: inside.stderr, outside }).toEqual({
    code: 0,
    stderr: '',
    outside: 0,
  });
});

whereMountable.each([
  ['./secret', 'SECRET'],
  ['**/*.pem', 'KEY.pem'],
  ['**/*.PEM', 'KEY.pem'],
])('srt does not start where %s is to be unreadable', async (denied, spelled) => {
  const { inside, outside } = await attack({ denyRead: [denied] }, `cat ${spelled}`);
  expect(inside).toMatchObject({ code: 125, stdout: '' });
  expect(inside.stderr).toContain('takes any case of a name');
  expect(outside).toBe(0);
});

whereMountable('denying the folder that the file system is mounted on is enough', async () => {
  const settings = dir.settings({ filesystem: { denyRead: [work] } });
  const line = ['sh', '-c', `cat ${work}/SECRET`];
  const inside = await srt(['-s', settings, ...line], { cwd: dir.path });
  expect(inside.stderr).toContain('Permission denied');
  expect((await run(line, { cwd: dir.path })).stdout).toBe('secret');
});
