import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, client, type GateUnderTest, gate, readAll, take, upstream } from '../loopback.ts';
import { type Origin, send, startOrigin, status } from '../origin.ts';

let origin: Origin;
let proxy: GateUnderTest;

beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());
beforeEach(async () => {
  origin.seen.length = 0;
  proxy = await gate(
    ['localhost', 'App.localhost', '127.0.0.1', 'rebound.example'],
    async (name) => (name.endsWith('localhost') ? ['127.0.0.1'] : ['127.0.0.2', '::1']),
  );
});
afterEach(() => proxy.close());

describe('a tunnel', () => {
  const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';

  async function connectTo(target: string, early: string | Buffer = '') {
    const socket = await client(proxy.http);
    const request = Buffer.from(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
    socket.write(Buffer.concat([request, Buffer.from(early)]));
    expect((await take(socket, established.length)).toString()).toBe(established);
    return socket;
  }

  test.each(['localhost', 'APP.localhost.', '127.1', '2130706433'])('to %s', async (host) => {
    const socket = await connectTo(`${host}:${origin.port}`);
    socket.write('GET /in HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    expect((await readAll(socket)).toString()).toMatch(/GET \/in$/);
    expect(proxy.events).toMatchObject([
      { type: 'connected', protocol: 'connect', port: origin.port },
    ]);
    socket.destroy();
  });

  test('what is sent before the answer is not lost, nor what comes after the end', async () => {
    const request =
      'POST /up HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n';
    const socket = await connectTo(`localhost:${origin.port}`, request + 'a'.repeat(50_000));
    socket.end('b'.repeat(50_000));
    expect((await readAll(socket)).toString()).toMatch(/POST \/up$/);
    expect(origin.seen[0]?.body).toBe('a'.repeat(50_000) + 'b'.repeat(50_000));
  });

  test('a client that ends at once still gets the whole answer', async () => {
    const socket = await client(proxy.http);
    socket.end(
      `CONNECT localhost:${origin.port} HTTP/1.1\r\n\r\nGET /end HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
    );
    expect((await readAll(socket)).toString()).toMatch(/GET \/end$/);
  });

  test('the headers in pieces', async () => {
    const socket = await client(proxy.http);
    for (const piece of ['CONN', 'ECT local', `host:${origin.port} HT`, 'TP/1.1\r', '\n\r', '\n']) {
      socket.write(piece);
      await new Promise(setImmediate);
    }
    expect((await take(socket, established.length)).toString()).toBe(established);
    socket.destroy();
  });
});

describe('a client that goes away while the gate still dials', () => {
  test.each([
    'GET http://slow.localhost:PORT/',
    'CONNECT slow.localhost:PORT',
  ])('%s: its connection to the origin is closed', async (line) => {
    const server = await upstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(200_000)}`);
    });
    const slow = await gate(['slow.localhost'], async () => {
      await sleep(100);
      return ['127.0.0.1'];
    });
    try {
      const socket = await client(slow.http);
      socket.write(`${line.replace('PORT', String(server.port))} HTTP/1.1\r\nhost: a\r\n\r\n`);
      await sleep(50);
      socket.resetAndDestroy();
      const connection = await server.first;
      connection.resume();
      const ended = once(connection, 'close').catch((error: NodeJS.ErrnoException) => error.code);
      expect(await Promise.race([ended, sleep(1000, 'still open')])).not.toBe('still open');
    } finally {
      slow.close();
      server.close();
    }
  });
});

test.each([
  ['random bytes', randomBytes(1000)],
  [
    'a header that is too large',
    `GET http://localhost/ HTTP/1.1\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`,
  ],
  ['TLS', Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])],
  ['SOCKS', Buffer.from([5, 1, 0])],
  [
    'two lengths',
    'POST http://localhost/ HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
  ],
  [
    'a length and chunks',
    'POST http://localhost/ HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
])('%s: the connection ends, and the gate goes on', async (_what, bytes) => {
  const answer = await ask(proxy.http, bytes, { end: true });
  expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
  expect(proxy.events).toEqual([]);
  expect(status(await send(proxy.http, `GET http://localhost:${origin.port}/`))).toBe('200');
});

test('a closed gate ends its connections and takes no more', async () => {
  const socket = await client(proxy.http);
  socket.write(`CONNECT localhost:${origin.port} HTTP/1.1\r\n\r\n`);
  await take(socket, 12);
  const ended = readAll(socket);
  proxy.close();
  await ended;
  await expect(ask(proxy.http, '')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
