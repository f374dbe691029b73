/* Signals and the end of srt on macOS, around a command in no sandbox at all. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeMac, fakeMac } from '../../../support/mac.ts';
import { descendants, sessionMembers, stillAlive } from '../../../support/processes.ts';
import { ended } from '../../../support/srt.ts';

let mac: FakeMac;
beforeAll(async () => {
  mac = await fakeMac();
});
afterAll(() => mac.remove());

/** A command that runs, once it has printed its first line. */
async function started(command: readonly string[]) {
  const child = mac.start(command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = ended(child);
  const [first] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { srt: child, end, first: first.toString(), tree: descendants(child.pid as number) };
}

const TRAPS = (signal: string) =>
  `trap 'echo got ${signal}; exit 7' ${signal}; echo ready; while :; do sleep 0.05; done`;

describe('signals', () => {
  test.each([
    'TERM',
    'INT',
    'HUP',
    'QUIT',
    'USR1',
    'USR2',
  ])('SIG%s is the command’s', async (name) => {
    const { srt, end } = await started(['sh', '-c', TRAPS(name)]);
    srt.kill(`SIG${name}` as NodeJS.Signals);
    expect(await end).toMatchObject({ code: 7, stdout: `ready\ngot ${name}\n` });
  });

  test('one that ends the command is in the status', async () => {
    const { srt, end } = await started(['sh', '-c', 'echo ready; exec sleep 300']);
    srt.kill('SIGTERM');
    expect((await end).code).toBe(128 + 15);
  });

  /* The child has a trap of its own, and prints where the shell that waits for it does not. */
  const FAMILY = `sh -c "trap 'echo child' INT; echo ready; sleep 0.4; sleep 0.4" & trap : INT; wait; wait`;

  test('without a terminal they are for the command alone', async () => {
    const { srt, end } = await started(['sh', '-c', `${FAMILY}; kill -9 $!`]);
    srt.kill('SIGINT');
    expect((await end).stdout).toBe('ready\n');
  });
});

/** The time limit of the test is what bounds it. */
async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(20);
}

describe('nothing outlives srt', () => {
  /* One is left behind, one ignores SIGHUP, one is in a group of its own, as jobs of a shell are. */
  const TREE =
    'sleep 300 & nohup sleep 300 >/dev/null 2>&1 & python3 -c "import os,time; os.setpgid(0,0); time.sleep(300)" & sleep 0.3; echo ready; wait';

  test('SIGKILL of srt ends the keeper, the command and all below it, and leaves no file', async () => {
    const { srt, end, tree } = await started(['sh', '-c', TREE]);
    expect(tree).toHaveLength(5);
    expect(mac.left()).toHaveLength(1);
    srt.kill('SIGKILL');
    await end;
    expect(await stillAlive(tree)).toEqual([]);
    expect(mac.left()).toEqual([]);
  });

  test('the control: what has a session of its own and no parent is left, which docs/macos.md says', async () => {
    const daemon = '(setsid sleep 300 >/dev/null 2>&1 & echo $!)';
    const { srt, end, first } = await started(['sh', '-c', `${daemon}; sleep 300`]);
    srt.kill('SIGKILL');
    await end;
    await sleep(300);
    const left = await stillAlive([Number(first)], 0);
    expect(left).toEqual([Number(first)]);
    for (const pid of left) process.kill(pid, 'SIGKILL');
  });

  test('SIGKILL at any instant of the start leaves no process and no file', async () => {
    const runs: ChildProcess[] = [];
    for (let delay = 0; delay < 200; delay += 10) {
      /* Its own session, by which what it leaves is found; the keeper and the command have others. */
      const child = mac.start(['sleep', '301'], { stdio: 'ignore', detached: true });
      await sleep(delay);
      child.kill('SIGKILL');
      runs.push(child);
    }
    for (const child of runs) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(sessionMembers(child.pid as number)).toEqual([]);
    }
    await eventually(() => mac.left().length === 0);
    expect(commandLines().filter((line) => line === 'sleep 301')).toEqual([]);
  });

  test('what has left the group and keeps the output open is not waited for', async () => {
    const line = 'setsid sleep 300 2>/dev/null & echo $!; sleep 0.3; exit 3';
    const { code, stdout: output } = await mac.run(['sh', '-c', line], { captures: true });
    expect(code).toBe(3);
    const left = await stillAlive([Number(output)], 0);
    expect(left).toEqual([Number(output)]);
    for (const pid of left) process.kill(pid, 'SIGKILL');
  });

  test('without its keeper the command is ended, and not taken for one that ended well', async () => {
    const { end, tree } = await started(['sh', '-c', 'echo ready; exec sleep 300']);
    const keeper = tree.find((pid) => commandLine(pid).includes('keeper.cjs')) ?? 0;
    process.kill(keeper, 'SIGKILL');
    const { code, stderr } = await end;
    expect([code, stderr]).toEqual([125, 'srt: the sandbox was killed while the command ran\n']);
    expect(await stillAlive(tree)).toEqual([]);
    expect(mac.left()).toEqual([]);
  });
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function commandLines(): string[] {
  return descendants(1).map(commandLine);
}
