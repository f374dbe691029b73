import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { socketsOfChild } from '../../../src/supervisor/handles.ts';
import { bundleText } from '../bundled.ts';
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
  socketsOfChild(child).onArrival((parcel, handle) => {
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

test.each([
  ['when it is said that they come', 'sockets.expect();', 60_000],
  ['by themselves, a moment later', '', 60_000],
])('a Node that inherited the channel gets them %s', async (_when, expecting, most) => {
  const script = dir.file(
    'adopt.cjs',
    `const module0 = { exports: {} };
    new Function('module', 'exports', 'require', ${JSON.stringify(bundleText('src/supervisor/handles.ts'))})(
      module0, module0.exports, require);
    const sockets = module0.exports.socketsOfDescriptor(5);
    sockets.onArrival(({ listener }, handle) =>
      require('node:net').createServer((socket) => socket.end('adopted ' + listener)).listen(handle));
    ${expecting}
    process.on('disconnect', () => process.exit());
    setTimeout(() => {}, ${most});`,
  );
  const child = spawn(sender, ['2', process.execPath, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += chunk.toString();
      if (printed.split('\n').length > 4) break;
    }
    const [first, acknowledged, second] = printed.split('\n');
    expect(acknowledged).toBe(ACKNOWLEDGED);
    expect(await ask(Number(first), '')).toBe('adopted 0');
    expect(await ask(Number(second), '')).toBe('adopted 1');
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('a message without a socket is no listener', async () => {
  const { child, servers } = start('line');
  const [message, handle] = await once(child, 'message');
  expect(message).toEqual({ hello: true });
  expect(handle).toBeUndefined();
  expect(servers).toEqual([]);
});
