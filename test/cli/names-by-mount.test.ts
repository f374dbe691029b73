/* filesystem.names "mount": placeholders on the host, which no run may leave behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildC } from '../support/build-c.ts';
import { descendants, stillAlive } from '../support/processes.ts';
import { requires } from '../support/requires.ts';
import { seeded } from '../support/seeded.ts';
import {
  ended,
  ROOT,
  type RunOptions,
  run,
  type Scratch,
  SRT,
  scratch,
  srt,
} from '../support/srt.ts';

const BELOW = buildC(join(ROOT, 'test', 'support', 'with-listener.c'));

let dir: Scratch;
let work: string;
let options: RunOptions;
beforeEach(() => {
  dir = scratch();
  work = dir.folder('work');
  dir.file('work/.git/HEAD', 'ref: refs/heads/main\n');
  options = { cwd: work, env: { ...process.env, XDG_STATE_HOME: join(dir.path, 'state') } };
});
afterEach(() => dir.remove());

function settings(filesystem: object = {}): string {
  return dir.settings({ filesystem: { allowWrite: ['.'], names: 'mount', ...filesystem } });
}

function inside(line: string, filesystem: object = {}) {
  return srt(['-s', settings(filesystem), '--', 'sh', '-c', line], options);
}

/** Starts a command that runs until its input ends, and waits for its first line. */
async function held(): Promise<ChildProcess> {
  const args = ['-s', settings(), '--', 'sh', '-c', 'echo here; cat'];
  const child = spawn(SRT, args, { ...options, stdio: 'pipe' });
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child;
}

/** What is there beyond what was there before. */
function left(): string[] {
  const all = [...readdirSync(work), ...readdirSync(join(work, '.git'))];
  return all.filter((name) => name !== '.git' && name !== 'HEAD').sort();
}

function records(): string[] {
  return readdirSync(join(dir.path, 'state/srt/lease')).filter((name) => name !== 'lock');
}

const MAKE = [
  'echo x > .envrc',
  'mkdir .vscode/x',
  'echo x > .git/config',
  'echo x > .git/hooks/pre-commit',
  'echo x > .git/commondir',
  'ln -s /tmp .idea',
  'rm .mcp.json',
  'mv .git moved',
  'mv .vscode moved',
];

test('no protected name can be made, which outside it can', async () => {
  const { stdout } = await inside(MAKE.map((line) => `(${line}) 2>&1 && echo made`).join('\n'));
  const said = stdout.trimEnd().split('\n');
  expect(said).toHaveLength(MAKE.length);
  for (const line of said) expect(line).toMatch(/Read-only file system|resource busy/);
  expect(left()).toEqual([]);
  for (const folder of ['.vscode', '.git/hooks']) dir.folder(`work/${folder}`);
  dir.file('work/.mcp.json');
  const control = await run(['sh', '-ec', MAKE.join('\n')], { cwd: work });
  expect({ code: control.code, stderr: control.stderr }).toEqual({ code: 0, stderr: '' });
});

test('a path of denyWrite that does not exist cannot be made either', async () => {
  dir.folder('work/src');
  const line = 'echo x > src/secret; mkdir src/folder/x; echo x > src/other';
  const { stderr } = await inside(line, { denyWrite: ['src/secret', 'src/folder/'] });
  expect(stderr.match(/Read-only file system/g)).toHaveLength(2);
  expect(readdirSync(join(work, 'src'))).toEqual(['other']);
});

test('a path of denyRead that does not exist cannot be made, nor read once it is', async () => {
  const line =
    'echo x > secret; mkdir keys/x; ls keys; cat secret; mv secret moved; echo x > other';
  const filesystem = { denyRead: ['secret', 'keys/'] };
  const { stderr } = await inside(line, filesystem);
  expect(stderr.match(/Permission denied/g)).toHaveLength(4);
  expect(stderr).toMatch(/resource busy/);
  expect(stderr).not.toMatch(/should it appear/);
  expect(left()).toEqual(['other']);
  const file = settings(filesystem);
  const child = spawn(SRT, ['-s', file, '--', 'sh', '-c', READ_LATER], {
    ...options,
    stdio: 'pipe',
  });
  const done = ended(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  writeFileSync(join(work, 'secret'), 'the secret');
  child.stdin?.end();
  expect((await done).stderr).toMatch(/secret: Permission denied/);
  expect(readFileSync(join(work, 'secret'), 'utf8')).toBe('the secret');
  dir.folder('work/keys');
  const control = await run(['sh', '-ec', line], { cwd: work });
  expect(control).toMatchObject({ code: 0, stderr: '' });
});

/* Says that it runs, waits for the end of its input, and reads. */
const READ_LATER = 'echo here; cat; cat secret';

test('placeholders are there during the run, and gone after it', async () => {
  const { code } = await inside('test -f .envrc -a -d .vscode -a -d .git/hooks -a ! -s .envrc');
  expect(code).toBe(0);
  expect(left()).toEqual([]);
  expect(records()).toEqual([]);
});

test('a folder that is no repository cannot become one', async () => {
  rmSync(join(work, '.git'), { recursive: true });
  const line = 'mkdir .git/hooks || mv .git moved || rmdir .git';
  const { code, stderr } = await inside(line);
  expect(code).toBe(1);
  expect(stderr).toMatch(/\.git\/hooks.*: Read-only file system\n.*busy\n.*busy/);
  expect(readdirSync(work)).toEqual([]);
  expect((await run(['sh', '-c', 'mkdir -p .git/hooks'], { cwd: work })).code).toBe(0);
});

test('two sandboxes share them, and the last one removes them', async () => {
  const [first, second] = [await held(), await held()];
  first.stdin?.end();
  await ended(first);
  expect(left()).toContain('.envrc');
  second.stdin?.end();
  await ended(second);
  expect(left()).toEqual([]);
  expect(records()).toEqual([]);
});

test('many that start at once share them too', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => inside('echo x > .envrc')));
  for (const { stderr } of all) expect(stderr).toMatch(/\.envrc: Read-only file system/);
  expect(left()).toEqual([]);
  expect(records()).toEqual([]);
});

test('what somebody writes meanwhile stays', async () => {
  const child = await held();
  writeFileSync(join(work, '.envrc'), 'export EXAMPLE=1\n');
  writeFileSync(join(work, '.git/hooks/pre-commit'), '#!/bin/sh\n');
  child.stdin?.end();
  await ended(child);
  expect(left()).toEqual(['.envrc', 'hooks']);
  expect(readFileSync(join(work, '.envrc'), 'utf8')).toBe('export EXAMPLE=1\n');
  expect(records()).toEqual([]);
});

test('killed at any instant, the next start removes what is left', async () => {
  const random = seeded(1);
  const file = settings();
  let some = 0;
  for (let round = 0; round < 30; round++) {
    const args = ['-s', file, '--', 'sh', '-c', 'echo here; sleep 60'];
    const child = spawn(SRT, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const gone = once(child, 'exit');
    if (round % 3 === 0) await once(child.stdout, 'data');
    else await sleep(random(400));
    child.kill('SIGKILL');
    await gone;
    if (left().length > 0) some++;
  }
  /* The control: else there was nothing to remove. */
  expect(some).toBeGreaterThan(0);
  const next = await srt(['-s', file, '--', 'true'], options);
  expect(next.code).toBe(0);
  await untilGone();
  expect(left()).toEqual([]);
  expect(records()).toEqual([]);
}, 60_000);

test('a sandbox that outlives its srt holds what its mounts lie on', async () => {
  const child = await held();
  const gone = once(child, 'exit');
  const [init] = descendants(child.pid as number).filter(isInit);
  if (init === undefined) throw new Error('no process 1');
  process.kill(init, 'SIGSTOP');
  child.kill('SIGKILL');
  await gone;
  const settled = await inside('true');
  expect(settled.code).toBe(0);
  expect(left()).toContain('.envrc');
  process.kill(init, 'SIGCONT');
  await stillAlive([init]);
  await untilGone();
  expect(left()).toEqual([]);
});

/** Whether it is a process 1 of its own namespace (proc(5), NSpid). */
function isInit(pid: number): boolean {
  return /^NSpid:.*\t1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** A sandbox whose srt was killed holds them until it has ended itself. */
async function untilGone(): Promise<void> {
  const file = settings();
  for (const end = Date.now() + 10_000; records().length > 0 && Date.now() < end; )
    await srt(['-s', file, '--', 'true'], options);
}

test('no sandbox can look into the notes, or write them', async () => {
  const state = join(dir.path, 'state/srt');
  const line = `ls ${state}/lease; echo x > ${state}/lease/x; mv ${state} ${state}2`;
  const filesystem = { allowWrite: [dir.path], denyWrite: [] };
  const own = settings(filesystem);
  const { stderr } = await srt(['-s', own, '--', 'sh', '-c', line], options);
  expect(stderr.match(/Permission denied/g)).toHaveLength(2);
  expect(stderr).toMatch(/resource busy/);
  const control = await run(['sh', '-c', line], { cwd: work });
  expect({ code: control.code, stderr: control.stderr }).toEqual({ code: 0, stderr: '' });
});

test.each([
  '.envrc',
  '.git/hooks',
])('a link in the place of %s is refused, and what it leads to stays', async (name) => {
  dir.file('target/file', 'x');
  symlinkSync(join(dir.path, 'target'), join(work, name));
  const refused = await inside('true');
  expect(refused.code).toBe(125);
  expect(refused.stderr).toMatch(/filesystem\.protect .* leads through the symbolic link/);
  expect(readdirSync(join(dir.path, 'target'))).toEqual(['file']);
  rmSync(join(work, name));
  expect((await inside('true')).code).toBe(0);
});

test('git works, and shows placeholders as files that it does not know', async () => {
  rmSync(join(work, '.git'), { recursive: true });
  const git = (...args: string[]) => run(['git', '-C', work, ...args]);
  expect((await git('init', '-q')).code).toBe(0);
  rmSync(join(work, '.git/hooks'), { recursive: true });
  const identity = '-c user.name=n -c user.email=n@example.com';
  const line = `echo a > a && git add a && git ${identity} commit -qm a && git status --porcelain`;
  const { code, stdout } = await inside(line);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\?\? \.envrc$/m);
  expect((await git('status', '--porcelain')).stdout).toBe('');
  expect((await git('log', '--format=%s')).stdout).toBe('a\n');
});

const testBelow = requires('a C compiler', BELOW !== null);

testBelow(
  'where somebody else intercepts system calls, it runs, and by default says how',
  async () => {
    const line = 'echo x > .envrc; echo x > other';
    const argv = (file: string) => [BELOW ?? '', SRT, '-s', file, 'sh', '-c', line];
    const refused = await run(argv(settings({ names: 'mediate' })), options);
    expect(refused.code).toBe(125);
    expect(refused.stderr).toMatch(/cannot decide about names .*\(EBUSY\).*"names": "mount"/);
    expect(existsSync(join(work, 'other'))).toBe(false);
    const kept = await run(argv(settings()), options);
    expect(kept.stderr).toMatch(/\.envrc: Read-only file system/);
    expect(left()).toEqual(['other']);
  },
);

test('patterns of reading are mounts as well', async () => {
  const make = () => {
    dir.file('work/deep/a.key', 'secret');
    dir.file('work/deep/b.txt', 'open');
  };
  const line = 'cat deep/b.txt; cat deep/a.key; mv deep moved';
  make();
  expect((await inside(line)).stdout).toBe('opensecret');
  expect(existsSync(join(work, 'moved'))).toBe(true);
  rmSync(join(work, 'moved'), { recursive: true });
  make();
  const { stdout, stderr } = await inside(line, { denyRead: ['./**/*.key'] });
  expect(stdout).toBe('open');
  expect(stderr).toMatch(/a\.key: Permission denied/);
  expect(stderr).toMatch(/mv: .*resource busy/i);
});

test('a report, which would be empty, is an error', async () => {
  const args = ['--report', '-s', settings(), '--', 'echo', 'started'];
  const { stdout, stderr } = await srt(args, options);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/--report knows of nothing/);
  const usual = ['--report', '-s', settings({ names: 'mediate' }), '--', 'echo', 'started'];
  expect((await srt(usual, options)).stdout).toBe('started\n');
});
