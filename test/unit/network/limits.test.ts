import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as gateModule from '../../../src/network/gate.ts';
import type * as proxyModule from '../../../src/network/http/proxy.ts';
import { loadBundled } from '../bundled.ts';
import { networkPolicy } from '../rules.ts';
import { ask, client, echo, listen, readAll, take, type Upstream, upstream } from './loopback.ts';
import { status } from './origin.ts';

const { createHttpProxy } = loadBundled<typeof proxyModule>('src/network/http/proxy.ts');
const { createGate } = loadBundled<typeof gateModule>('src/network/gate.ts');

describe('a head that is slow', () => {
  /* Nothing is allowed here, so that 403 is the sign of a request that was read. */
  const nobody = {
    policy: networkPolicy(),
    decide: (_protocol: string, host: string, port: number) =>
      ({ allowed: false, reason: 'not-allowed', host, port, rule: null }) as const,
    dial: () => Promise.reject(new Error('dialled')),
    recheck: () => {},
  };
  const TIMEOUT = 300;
  let front: Upstream;
  beforeEach(async () => {
    front = await upstream(createHttpProxy(nobody, () => {}, null, TIMEOUT));
  });
  afterEach(() => front.close());

  /** Sends a byte of `text` every 20 ms until somebody ends that; what came back, and when. */
  async function drip(first: string, text: string): Promise<{ answer: string; after: number }> {
    const socket = await client(front.port);
    const begun = performance.now();
    socket.write(first);
    const all = readAll(socket);
    let ended = false;
    const answer = all.then((bytes) => {
      ended = true;
      return String(bytes);
    });
    for (const byte of text) {
      await sleep(20);
      if (ended) break;
      socket.write(byte);
    }
    socket.end();
    return { answer: await answer, after: performance.now() - begun };
  }

  const GET = 'GET http://x.example/ HTTP/1.1\r\nhost: x\r\n';

  test('is given up, however steadily it drips', async () => {
    const { answer, after } = await drip(GET, `x: ${'y'.repeat(200)}\r\n\r\n`);
    expect(status(answer)).toBe('408');
    expect(after).toBeGreaterThan(TIMEOUT - 50);
    expect(after).toBeLessThan(TIMEOUT * 5);
  });

  test('one in time is read: the control', async () => {
    expect(status((await drip(GET, 'x: y\r\n\r\n')).answer)).toBe('403');
  });

  test('again, when there was no connection for a while', async () => {
    for (let round = 0; round < 2; round++)
      expect(status((await drip(GET, `x: ${'y'.repeat(200)}`)).answer)).toBe('408');
  });

  test('a body may take as long as it likes', async () => {
    const head = 'POST http://x.example/ HTTP/1.1\r\nhost: x\r\ncontent-length: 30\r\n\r\n';
    expect((await drip(head, 'y'.repeat(30))).answer).not.toContain('408');
  });
});

describe('connections at one time', () => {
  test('are limited, and those that there are go on', async () => {
    const server = await echo();
    const policy = networkPolicy('127.0.0.1');
    const gate = createGate(policy, () => {}, { maxConnections: 3 });
    const listener = createServer() as Server & { _handle: unknown };
    const port = await listen(listener);
    gate.serve({ service: 'http', kind: 'tcp', port }, listener._handle);
    listener._handle = null;
    const connect = `CONNECT 127.0.0.1:${server.port} HTTP/1.1\r\n\r\n`;
    const open = async (): Promise<Socket> => {
      const socket = await client(port);
      socket.write(connect);
      await take(socket, 39);
      return socket;
    };
    const tunnels = [await open(), await open(), await open()];
    await expect(ask(port, connect).catch(() => '')).resolves.toBe('');
    for (const socket of tunnels) {
      socket.write('ping');
      expect(String(await take(socket, 4))).toBe('ping');
    }
    tunnels[0]?.destroy();
    await sleep(30);
    tunnels[0] = await open();
    for (const socket of tunnels) socket.destroy();
    gate.close();
    server.close();
  });
});

test('a SOCKS5 client has a time for its whole request', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  try {
    const gate = createGate(networkPolicy('127.0.0.1'), () => {});
    const listener = createServer() as Server & { _handle: unknown };
    const port = await listen(listener);
    gate.serve({ service: 'socks', kind: 'tcp', port }, listener._handle);
    listener._handle = null;
    const socket = await client(port);
    const ended = once(socket, 'close');
    socket.resume();
    for (const byte of [5, 1, 0, 5, 1, 0, 3]) {
      socket.write(Buffer.from([byte]));
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      expect(socket.readableEnded).toBe(false);
      jest.advanceTimersByTime(9_000);
    }
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(socket.readableEnded).toBe(true);
    socket.destroy();
    await ended;
    gate.close();
  } finally {
    jest.useRealTimers();
  }
});
