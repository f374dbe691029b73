/* Starts the command of one run on macOS and sees to it that nothing is left when srt is gone. There,
 * no process can ask the kernel to end with another; so this one, outside of the sandbox and in a
 * session of its own, is the command's parent and waits for the end of the channel on descriptor 3,
 * whose other end only srt has. A program of its own: src/supervisor/seatbelt/launch.ts starts it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import {
  createDecoder,
  encode,
  type FromKeeper,
  type Instructions,
  type ToKeeper,
} from './keeper-messages.ts';
import { descendantsOf, parseProcesses } from './process-tree.ts';
import { makeRunFolder, removeRunFolder } from './run-folder.ts';

/** With which sandbox-exec ends where it did not get as far as the command (sysexits(3)). */
const OWN_STATUS = [64, 65, 71];

/** How long the system's log may take to say the last, in ms. */
const LOG_LINGER = 300;

const channel = new Socket({ fd: 3 });
let command: ChildProcess | null = null;
let log: ChildProcess | null = null;
let toGroup = false;

const take = createDecoder<ToKeeper>();
channel.on('data', (chunk: Buffer) => {
  for (const message of take(chunk)) {
    if ('start' in message) start(message.start);
    else if (command && isRunning(command)) deliver(command, message.signal);
  }
});
channel.on('error', () => {});
channel.on('close', () => {
  if (!command) process.exit(0);
  if (isRunning(command)) killTree(command.pid);
});
/* Whatever it is, the command must not go on without its keeper. */
process.on('uncaughtException', () => {
  log?.kill();
  if (command && isRunning(command)) killTree(command.pid);
  process.exit(1);
});

function start(instructions: Instructions): void {
  const { sandboxExec, profile, folder, cwd, argv, env } = instructions;
  toGroup = instructions.group;
  const finish = (message: FromKeeper) => {
    log?.kill();
    removeRunFolder(folder);
    if (channel.writable) channel.end(encode(message), () => process.exit(0));
    else process.exit(0);
  };
  const fail = (step: string, error: unknown) =>
    finish({ type: 'failed', step, errno: (error as NodeJS.ErrnoException).code ?? String(error) });
  let file: string;
  try {
    file = makeRunFolder(folder, profile);
  } catch (error) {
    fail(`the folder ${folder}`, error);
    return;
  }
  try {
    log = startLog(instructions.log);
    /* A session of its own, with nobody else in it to be signalled. */
    const options = { cwd, env, stdio: 'inherit', detached: true } as const;
    command = spawn(sandboxExec, ['-f', file, '--', ...argv], options)
      .on('spawn', () => channel.write(encode({ type: 'started', pid: command?.pid ?? 0 })))
      .on('error', (error) => fail('the command', error))
      .on('exit', (code, signal) => {
        killGroup(command?.pid ?? 0);
        const end = () => finish(howItEnded(code, signal, () => complaintOf(sandboxExec, file)));
        if (log && channel.readable) setTimeout(end, LOG_LINGER);
        else end();
      });
  } catch (error) {
    fail('the command', error);
  }
}

function howItEnded(
  code: number | null,
  signal: NodeJS.Signals | null,
  complaint: () => string,
): FromKeeper {
  if (signal !== null) return { type: 'signalled', signal: constants.signals[signal] };
  const status = code ?? 0;
  const isDoubtful = OWN_STATUS.includes(status);
  return { type: 'exited', code: status, complaint: isDoubtful ? complaint() : '' };
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function deliver({ pid = 0 }: ChildProcess, signal: number): void {
  kill(toGroup ? -pid : pid, signal);
}

/** Here, so that it ends with the run whatever becomes of srt. */
function startLog([program, ...args]: readonly string[]): ChildProcess | null {
  if (program === undefined) return null;
  return spawn(program, args, { env: {}, stdio: ['ignore', 4, 4] }).on('error', ({ message }) =>
    writeSync(4, `log: ${message}\n`),
  );
}

/** A command may end as sandbox-exec does. Whether it was started is told by starting another. */
function complaintOf(sandboxExec: string, file: string): string {
  const { status, stderr } = spawnSync(sandboxExec, ['-f', file, '--', '/usr/bin/true'], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 5000,
  });
  return status === 0 ? '' : stderr.slice(0, 2000).trim();
}

/** The command's group, and what a shell inside has put into groups of their own. */
function killTree(root: number | undefined): void {
  if (root === undefined) return;
  const listed = spawnSync('/bin/ps', ['-axo', 'pid=,ppid='], { env: {}, encoding: 'utf8' });
  const below = descendantsOf(root, parseProcesses(listed.stdout ?? ''));
  /* The parents first, or they would start others. */
  killGroup(root);
  for (const pid of [root, ...below]) kill(pid, 'SIGKILL');
}

/** More than once, because a fork that is under way may be missed. */
function killGroup(leader: number): void {
  for (let round = 0; round < 5; round++) kill(-leader, 'SIGKILL');
}

function kill(pid: number, signal: number | NodeJS.Signals): void {
  try {
    if (pid !== 0) process.kill(pid, signal);
  } catch {
    /* Gone already. */
  }
}
