/* A debugger inside, of a program whose calls are made for it: it sees what the kernel would let it
 * see, and nothing waits for ever. What it could do with the calls of others is in
 * test/escape/change-a-call-from-a-tracer.test.ts. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { isX64, requires } from '../support/requires.ts';
import { ROOT, run, type Scratch, scratch, srt } from '../support/srt.ts';

const has = (program: string) => !spawnSync(program, ['--version'], { stdio: 'ignore' }).error;
const TRACED = isX64 ? buildC(join(ROOT, 'test', 'support', 'traced.c'), 'cc', ['-static']) : null;
const compiled = requires('a C compiler on x64', TRACED !== null);

jest.setTimeout(60_000);

let dir: Scratch;
let runs = 0;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => dir.remove());

/** Each file by its name, mode and number of names. */
async function listing(folder: string): Promise<string[]> {
  const found = await run(['find', folder, '-mindepth', '1', '-printf', '%P %y%m %n %l\\n']);
  return found.stdout.split('\n').sort();
}

/** What comes of the command inside and outside, and what it leaves behind. */
async function both(argv: readonly string[]) {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const [inside, outside] = ['inside', 'outside'].map((name) => dir.folder(`${++runs}/${name}`));
  const ours = await srt(['-s', settings, '--', ...argv], { cwd: inside, timeout: 50_000 });
  const theirs = await run(argv, { cwd: outside, timeout: 50_000 });
  return {
    inside: { ...ours, left: await listing(inside as string) },
    outside: { ...theirs, left: await listing(outside as string) },
  };
}

compiled.each([
  ['calls', /^257 -17$/m],
  [
    'waits',
    /^interrupted: meanwhile ok, then 0\nkilled: .* ok, then -9\nleft alone: .* ok, then 0\n$/,
  ],
  ['killed', /^left 0, then ok\n$/],
])('what a tracer has of the %s of its tracee is the same', async (mode, expected) => {
  const { inside, outside } = await both([TRACED ?? '', mode as string]);
  expect(outside.stdout).toMatch(expected as RegExp);
  if (mode === 'killed') expect(inside.stdout).toBe(outside.stdout);
  else expect(inside).toEqual(outside);
});

const LINES = [
  ...['echo a > f', 'mkdir d', 'mv f d/g', 'ln -s d e', 'ln d/g h', 'chmod 600 h', 'mkfifo p'],
  ...['(echo through > p &) ; cat p', 'rm p', 'mkdir d', 'echo b > missing/f', 'exit 7'],
].join('; ');

requires('strace', has('strace'))('strace -f changes nothing, and sees it all', async () => {
  const plain = await both(['sh', '-c', LINES]);
  const traced = await both(['strace', '-f', '-o', '/dev/null', 'sh', '-c', LINES]);
  expect(plain.outside).toMatchObject({ code: 7, stdout: 'through\n' });
  expect(traced.inside).toEqual(plain.outside);
  expect(traced.outside).toEqual(plain.outside);
  const calls = 'mkdir,rename,renameat2,symlinkat,linkat,unlinkat,fchmodat';
  const { inside, outside } = await both(['strace', '-f', '-qq', '-e', calls, 'sh', '-c', LINES]);
  const seen = (text: string) => text.match(/\b\w+\(.*\) += .*/g);
  expect(seen(outside.stderr)).toContainEqual(expect.stringMatching(/^mkdir.* = -1 EEXIST/));
  expect(seen(inside.stderr)).toEqual(seen(outside.stderr));
});

const ATTACH = `
mkfifo p; echo through > p & sleep 0.3
gdb -nx -q -batch -ex 'print 6 * 7' -p $! 2>/dev/null | grep '= 42'
cat p; wait $!; echo $?`;

requires('gdb', has('gdb'))('gdb attaches to who waits for the end of a pipe', async () => {
  const { inside, outside } = await both(['sh', '-c', ATTACH]);
  expect(outside.stdout).toBe('$1 = 42\nthrough\n0\n');
  expect(inside).toEqual(outside);
});

requires('gdb', has('gdb'))('gdb stops at a call, and lets it go on', async () => {
  const commands = [
    'set disable-randomization off',
    'catch syscall mkdir',
    'run',
    'c',
    'c',
    'info program',
  ];
  const words = commands.flatMap((command) => ['-ex', command]);
  const { inside, outside } = await both([
    'gdb',
    '-nx',
    '-q',
    '-batch',
    ...words,
    '--args',
    'mkdir',
    'd',
  ]);
  const stops = (text: string) =>
    text.match(/\((call to|returned from) syscall mkdir\)|exited .*/g);
  expect(stops(outside.stdout)).toEqual([
    '(call to syscall mkdir)',
    '(returned from syscall mkdir)',
    'exited normally]',
  ]);
  expect(stops(inside.stdout)).toEqual(stops(outside.stdout));
  expect(outside.left).toEqual(['', 'd d755 2 ']);
  expect(inside.left).toEqual(outside.left);
});
