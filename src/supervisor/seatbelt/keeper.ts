/* Starts the command of one run on macOS and sees to it that nothing is left when srt is gone. There,
 * no process can ask the kernel to end with another; so this one, outside of the sandbox and in a
 * session of its own, is the command's parent and waits for the end of the channel on descriptor 3,
 * whose other end only srt has. A program of its own: src/supervisor/seatbelt/launch.ts starts it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
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

const channel = new Socket({ fd: 3 });
let command: ChildProcess | null = null;
let toGroup = false;
let isOver = false;

const take = createDecoder<ToKeeper>();
channel.on('data', (chunk: Buffer) => {
  for (const message of take(chunk)) {
    if ('start' in message) start(message.start);
    else deliver(message.signal);
  }
});
channel.on('error', () => {});
channel.on('close', () => {
  if (command && !isOver) killTree(command.pid);
  else if (!isOver) process.exit(0);
});
/* Whatever it is, the command must not go on without its keeper. */
process.on('uncaughtException', () => {
  killTree(command?.pid);
  process.exit(1);
});

function start(instructions: Instructions): void {
  const { sandboxExec, profile, folder, cwd, argv, env, group } = instructions;
  toGroup = group;
  const finish = (message: FromKeeper) => {
    isOver = true;
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
  /* A session of its own: without a controlling terminal it cannot type into the caller's. */
  const options = { cwd, env, stdio: 'inherit', detached: true } as const;
  try {
    command = spawn(sandboxExec, ['-f', file, '--', ...argv], options);
  } catch (error) {
    fail('the command', error);
    return;
  }
  command.on('error', (error) => fail('the command', error));
  command.on('spawn', () => {
    channel.write(encode({ type: 'started', pid: command?.pid ?? 0 }));
  });
  command.on('exit', (code, signal) => {
    kill(-(command?.pid ?? 0), 'SIGKILL');
    if (signal !== null) finish({ type: 'signalled', signal: constants.signals[signal] });
    else if (code !== null && OWN_STATUS.includes(code))
      finish({ type: 'exited', code, complaint: complaintOf(sandboxExec, file) });
    else finish({ type: 'exited', code: code ?? 0, complaint: '' });
  });
}

function deliver(signal: number): void {
  const pid = command?.pid;
  if (pid !== undefined && !isOver) kill(toGroup ? -pid : pid, signal);
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
  for (const pid of [-root, root, ...below]) kill(pid, 'SIGKILL');
}

function kill(pid: number, signal: number | NodeJS.Signals): void {
  try {
    if (pid !== 0) process.kill(pid, signal);
  } catch {
    /* Gone already. */
  }
}
