import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  client,
  type GateUnderTest,
  gate,
  readAll,
  take,
  type Upstream,
  upstream,
} from '../loopback.ts';
import { entry, extension, GROUPS, hello, message, records, serverName } from './hello.ts';

/* An origin that speaks first, and says back what it gets. */
let origin: Upstream;
let received: string[];
let proxy: GateUnderTest;
beforeEach(async () => {
  received = [];
  origin = await upstream((socket) => {
    const at = received.push('') - 1;
    socket.write('hi');
    socket.on('data', (chunk: Buffer) => {
      received[at] += chunk.toString('latin1');
    });
    socket.pipe(socket);
  });
  proxy = await gate(
    [
      'localhost',
      '127.0.0.1',
      '*.example.com',
      '!no.example.com',
      `on.example.net:${origin.port}`,
      'off.example.net:1',
    ],
    async () => ['127.0.0.1'],
  );
});
afterEach(() => {
  proxy.close();
  origin.close();
});

async function connected(host: string, early: Buffer): Promise<Socket> {
  const socket = await client(proxy.http);
  socket.write(
    Buffer.concat([Buffer.from(`CONNECT ${host}:${origin.port} HTTP/1.1\r\n\r\n`), early]),
  );
  await take(socket, 'HTTP/1.1 200 Connection Established\r\n\r\nhi'.length);
  return socket;
}

async function socksed(host: string, early: Buffer): Promise<Socket> {
  const socket = await client(proxy.socks);
  const port = [origin.port >> 8, origin.port & 255];
  const request = Buffer.from([5, 1, 0, 5, 1, 0, 3, host.length, ...Buffer.from(host), ...port]);
  socket.write(Buffer.concat([request, early]));
  await take(socket, 12 + 'hi'.length);
  return socket;
}

const NOTHING = Buffer.alloc(0);
const ACCESS_DENIED = Buffer.from([21, 3, 3, 0, 2, 2, 49]);

const refusals = () => proxy.events.filter(({ type }) => type === 'refused');

async function passes(socket: Socket, bytes: Buffer): Promise<void> {
  expect(await take(socket, bytes.length)).toEqual(bytes);
  const more = Buffer.from('and more');
  socket.write(more);
  expect(await take(socket, more.length)).toEqual(more);
  expect(refusals()).toEqual([]);
  socket.destroy();
}

describe.each([
  ['CONNECT', connected],
  ['SOCKS5', socksed],
])('by %s', (_protocol, open) => {
  test.each([
    ['the host that was asked for', 'localhost'],
    ['another that is allowed', 'a.example.com'],
    ['one in another spelling', 'A.Example.COM.'],
    ['one that is allowed on this port', 'on.example.net'],
    ['no name', null],
  ])('a ClientHello for %s passes', async (_what, name) => {
    const bytes = hello(name);
    await passes(await open('localhost', bytes), bytes);
  });

  test.each([
    ['is not allowed', 'other.example', 'not-allowed', null],
    ['is denied', 'No.example.com', 'denied-by-rule', 'no.example.com'],
    ['is allowed on another port', 'off.example.net', 'not-allowed', null],
    ['is an address that is not allowed', '192.0.2.1', 'not-allowed', null],
    ['is no host', 'localhost\0.example', 'malformed-host', null],
  ])('one for a name that %s is refused', async (_what, name, reason, rule) => {
    const socket = await open('127.0.0.1', NOTHING);
    socket.write(hello(name, 10));
    expect(await readAll(socket)).toEqual(ACCESS_DENIED);
    expect(refusals()).toMatchObject([
      { protocol: 'tls', port: origin.port, host: expect.any(String), reason, rule },
    ]);
    await sleep(20);
    expect(received).toEqual(['']);
    expect(origin.connections[0]?.destroyed).toBe(true);
  });

  test('the same when it comes with the request', async () => {
    const socket = await open('localhost', hello('other.example'));
    /* It is refused before the origin has said anything, so the alert is what `open` began with. */
    expect(await readAll(socket)).toEqual(ACCESS_DENIED.subarray(2));
    expect(received).toEqual(['']);
  });

  test.each<[string, Buffer]>([
    ['two names', records(message([serverName(entry('localhost'), entry('localhost'))]))],
    ['half a hello, and an end', hello('localhost').subarray(0, 50)],
    ['a hello of 17 kB', records(message([extension(21, Buffer.alloc(17_000))]))],
    [
      'an alert before the hello',
      Buffer.concat([Buffer.from([21, 3, 1, 0, 2, 1, 0]), hello('localhost')]),
    ],
  ])('%s: refused, and an event', async (_what, bytes) => {
    const socket = await open('localhost', NOTHING);
    socket.end(bytes);
    expect(await readAll(socket)).toEqual(ACCESS_DENIED);
    const host = 'localhost';
    expect(refusals()).toEqual([
      {
        type: 'refused',
        protocol: 'tls',
        host,
        port: origin.port,
        reason: 'malformed-hello',
        rule: null,
      },
    ]);
    expect(received).toEqual(['']);
  });

  test('byte by byte, in records of one byte', async () => {
    const bytes = records(message([GROUPS, serverName(entry('localhost'))]), 1);
    const socket = await open('localhost', NOTHING);
    for (const byte of bytes) socket.write(Buffer.from([byte]));
    await passes(socket, bytes);
  });

  test('nothing of a hello goes out before its end', async () => {
    const bytes = hello('localhost');
    const socket = await open('localhost', bytes.subarray(0, 20));
    socket.write(bytes.subarray(20, -1));
    await sleep(50);
    expect(received).toEqual(['']);
    socket.write(bytes.subarray(-1));
    await passes(socket, bytes);
  });

  test('what is no TLS passes at its first byte', async () => {
    const socket = await open('localhost', Buffer.from('E'));
    await passes(socket, Buffer.from('E'));
  });

  test('a client that says nothing and ends: the origin sees an end', async () => {
    const socket = await open('localhost', NOTHING);
    socket.end();
    expect(await readAll(socket)).toEqual(NOTHING);
    expect(refusals()).toEqual([]);
  });
});

test('a refused client that stays is put out', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const socket = await connected('localhost', NOTHING);
    const gone = new Promise((resolve) => socket.once('error', resolve).once('close', resolve));
    socket.write(hello('other.example'));
    await readAll(socket);
    jest.advanceTimersByTime(10_000);
    while (!socket.destroyed) {
      socket.write('still here');
      await new Promise(setImmediate);
    }
    await gone;
  } finally {
    jest.useRealTimers();
  }
});

test('a client that stops in the middle of a hello is refused', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const socket = await connected('localhost', hello('localhost').subarray(0, 20));
    const answer = readAll(socket);
    jest.advanceTimersByTime(29_000);
    expect(refusals()).toEqual([]);
    jest.advanceTimersByTime(2_000);
    expect(await answer).toEqual(ACCESS_DENIED);
    expect(refusals()).toMatchObject([{ reason: 'malformed-hello' }]);
  } finally {
    jest.useRealTimers();
  }
});
