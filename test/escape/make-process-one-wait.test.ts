/* Threat: process 1 of the sandbox handles sockets of the command for it, and the command knows how to
 * make whoever does that wait: by SO_LINGER on a last close(2), or by taking O_NONBLOCK away before
 * the connect(2). While process 1 waits, no signal reaches the command, and nothing ends it when srt
 * is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildC } from '../support/build-c.ts';
import { marked, nothingLeft } from '../support/processes.ts';
import { requires } from '../support/requires.ts';
import { ROOT, run, type Scratch, SRT, scratch } from '../support/srt.ts';

const source = join(ROOT, 'test', 'support', 'hostile-connect.c');
const PROGRAM = buildC(source, 'cc', ['-static', '-pthread']) ?? '';
const address =
  Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '';
const UNLISTED = ['192.0.2.77', '80'] as const;

const machine = requires('a C compiler', PROGRAM !== '');
const network = requires(
  'a C compiler and an IPv4 address beside loopback',
  !!PROGRAM && !!address,
);

describe('process 1 goes on', () => {
  let dir: Scratch;
  let server: Server;
  const sockets = new Set<Socket>();
  let port = '';
  beforeAll(async () => {
    dir = scratch();
    server = createServer((socket) => sockets.add(socket.on('error', () => {})));
    await once(server.listen(0, address || '127.0.0.1'), 'listening');
    port = String((server.address() as { port: number }).port);
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    dir.remove();
  });

  /** Starts the program as the leader of a session, and waits until it has done its worst. */
  async function attack(how: string, to: readonly string[]) {
    const settings = dir.settings({ network: { allowedDomains: address ? [address] : [] } });
    const words = ['-s', settings, '--', PROGRAM, how, ...to];
    const mark = marked();
    const child = spawn(SRT, words, {
      env: { ...process.env, ...mark },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await sleep(300);
    return { child, mark, ended };
  }

  const WAYS: readonly (readonly [how: string, to: () => readonly string[]])[] = [
    ['linger', () => UNLISTED],
    ['blocking', () => [address, port]],
  ];
  const each = (how: string) => (how === 'linger' ? machine : network);

  /** What is left of the session; it is killed. */
  async function leftOf(session: number | undefined, mark: ReturnType<typeof marked>) {
    const left = await nothingLeft(session ?? 0, mark, 3000);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    return left;
  }

  for (const [how, to] of WAYS) {
    each(how)(`and passes signals on: ${how}`, async () => {
      const { child, mark, ended } = await attack(how, to());
      child.kill('SIGTERM');
      const left = await leftOf(child.pid, mark);
      expect(left).toEqual([]);
      expect(await ended).toEqual([143, null]);
    });

    each(how)(`and ends with srt: ${how}`, async () => {
      const { child, mark } = await attack(how, to());
      child.kill('SIGKILL');
      expect(await leftOf(child.pid, mark)).toEqual([]);
    });
  }

  machine('though the last close of such a socket waits: the control', async () => {
    const { stdout } = await run([PROGRAM, 'close', '127.0.0.1', '1']);
    expect(stdout).toBe('waited\n');
  });
});
