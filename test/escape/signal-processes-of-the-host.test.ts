/* Threat: a PID namespace hides the host's processes, yet "kill(0, …)" means the process group of
 * the caller, and that group was made outside: a script that runs srt, and everything the script
 * started, are in it. The same goes for setpriority(2). */
import { spawn } from 'node:child_process';
import { requires } from '../support/requires.ts';
import { type Ended, ended, run, SRT, srt } from '../support/srt.ts';
import { TRY_SYSCALL } from '../support/try-syscall.ts';

/* A script with a neighbour in its process group, as a CI job or a client of MCP servers is. */
const SCRIPT = `
sleep 20 & neighbour=$!
"$@" >&2
status=$?
sleep 0.1
echo "status $status"
kill -0 $neighbour 2>/dev/null && echo alive || echo killed
awk '{ print "nice", $19 }' /proc/$neighbour/stat
kill -KILL $neighbour
`;

function inOwnGroup(line: readonly string[]): Promise<Ended> {
  const argv = ['-c', SCRIPT, 'sh', ...line];
  return ended(spawn('sh', argv, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
}

const SRT_LINE = [SRT];
const ATTACK = ['sh', '-c', 'trap "" TERM; kill -TERM 0'];
/* PRIO_PGRP is 1, and 0 is the caller's own group. */
const RENICE = [TRY_SYSCALL ?? '', 'setpriority:1:0:7'];

describe('the process group that srt was started in', () => {
  test('lives on without an attack: the control', async () => {
    expect((await inOwnGroup(['true'])).stdout).toBe('status 0\nalive\nnice 0\n');
    expect((await inOwnGroup([...SRT_LINE, 'true'])).stdout).toBe('status 0\nalive\nnice 0\n');
  });

  test('is killed by the same attack without srt: the control', async () => {
    expect((await inOwnGroup(ATTACK)).signal).toBe('SIGTERM');
  });

  test('is not killed from inside', async () => {
    const { signal, stdout } = await inOwnGroup([...SRT_LINE, ...ATTACK]);
    expect({ signal, stdout }).toEqual({ signal: null, stdout: 'status 0\nalive\nnice 0\n' });
  });

  requires('a C compiler', TRY_SYSCALL !== null)(
    'does not get another priority from inside',
    async () => {
      expect((await inOwnGroup(RENICE)).stdout).toBe('status 0\nalive\nnice 7\n');
      expect((await inOwnGroup([...SRT_LINE, ...RENICE])).stdout).toBe('status 0\nalive\nnice 0\n');
    },
  );
});

describe('a process of the host', () => {
  test('has no number inside', async () => {
    const victim = spawn('sleep', ['20'], { stdio: 'ignore' });
    const line = ['sh', '-c', 'kill -TERM "$0"', String(victim.pid)];
    /* Numbers inside start at 1: this one is not taken. */
    expect(victim.pid).toBeGreaterThan(50);
    expect((await srt(line)).code).toBe(1);
    expect(victim.exitCode ?? victim.signalCode).toBe(null);
    const gone = new Promise<string | null>((resolve) =>
      victim.on('exit', (_code, signal) => resolve(signal)),
    );
    expect((await run(line)).code).toBe(0);
    expect(await gone).toBe('SIGTERM');
  });

  test('is not met by a signal to everybody', async () => {
    const victim = spawn('sleep', ['20'], { stdio: 'ignore' });
    await srt(['sh', '-c', 'kill -TERM -1; exit 0']);
    expect(victim.exitCode ?? victim.signalCode).toBe(null);
    victim.kill('SIGKILL');
  });
});
