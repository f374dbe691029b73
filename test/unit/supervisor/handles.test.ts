import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { onHandles } from '../../../src/supervisor/handles.ts';
import { ask } from '../network/loopback.ts';
import { type Temporary, temporary } from '../temporary.ts';

/* The contract with Node that lib/internal/child_process.js keeps without promising it: when a
 * Node version breaks it, this file says so before anything else does. */

let dir: Temporary;
let sender: string;
beforeAll(() => {
  dir = temporary();
  sender = join(dir.path, 'handle-sender');
  execFileSync('cc', ['-o', sender, join(__dirname, 'handle-sender.c')]);
});
afterAll(() => dir.remove());

interface Sender {
  child: ChildProcess;
  servers: Server[];
  /** What it printed so far. */
  lines(): string[];
  /** Waits until it has printed this many lines. */
  printed(count: number): Promise<void>;
}

let running: Sender | null = null;
afterEach(async () => {
  if (!running) return;
  const { child, servers } = running;
  for (const server of servers) server.close();
  if (child.exitCode === null) {
    child.disconnect();
    await once(child, 'exit');
  }
  running = null;
});

/** Starts the sender, and serves each listener that arrives with its number. */
function start(what: string): Sender {
  const child = spawn(sender, [what], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const servers: Server[] = [];
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  onHandles(child, (parcel, handle) => {
    const number = 'listener' in parcel ? parcel.listener : Number.NaN;
    const server = createServer((socket: Socket) => socket.end(`listener ${number}`));
    server.listen(handle as object);
    servers.push(server);
  });
  const lines = () => printed.split('\n').filter((line) => line !== '');
  const wait = async (count: number) => {
    while (lines().length < count) await once(child.stdout ?? child, 'data');
  };
  running = { child, servers, lines, printed: wait };
  return running;
}

const ACKNOWLEDGED = '{"cmd":"NODE_HANDLE_ACK"}';

test('Node accepts a listening socket from a child that is not Node, and acknowledges it', async () => {
  const { lines, printed, servers } = start('1');
  await printed(2);
  expect(lines()[1]).toBe(ACKNOWLEDGED);
  expect(servers).toHaveLength(1);
  expect(await ask(Number(lines()[0]), '')).toBe('listener 0');
});

test('several arrive in the order in which they were sent', async () => {
  const { lines, printed } = start('3');
  await printed(6);
  const [first, , second, , third] = lines();
  expect(lines().filter((line) => line === ACKNOWLEDGED)).toHaveLength(3);
  expect(await ask(Number(third), '')).toBe('listener 2');
  expect(await ask(Number(first), '')).toBe('listener 0');
  expect(await ask(Number(second), '')).toBe('listener 1');
});

test('a listener outlives the child that made it', async () => {
  const { lines, printed, child } = start('1');
  await printed(2);
  child.disconnect();
  await once(child, 'exit');
  expect(await ask(Number(lines()[0]), '')).toBe('listener 0');
});

test('a message without a socket is no listener', async () => {
  const { child, servers } = start('line');
  const [message, handle] = await once(child, 'message');
  expect(message).toEqual({ hello: true });
  expect(handle).toBeUndefined();
  expect(servers).toEqual([]);
});
