import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SocksClient } from 'socks';
import {
  ask,
  client,
  closedPort,
  echo,
  type GateUnderTest,
  gate,
  readAll,
  take,
  type Upstream,
} from '../loopback.ts';

let server: Upstream;
let proxy: GateUnderTest;

beforeAll(async () => {
  server = await echo();
});
afterAll(() => server.close());
beforeEach(async () => {
  proxy = await gate(['localhost', '127.0.0.1', 'rebound.example'], async (name) => [
    name === 'localhost' ? '127.0.0.1' : '127.0.0.2',
  ]);
});
afterEach(() => proxy.close());

const hello = Buffer.from([5, 1, 0]);
const welcome = Buffer.from([5, 0]);
const reply = (code: number) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);

function request(host: string | Buffer, port: number, command = 1): Buffer {
  const name = Buffer.from(host);
  const end = Buffer.alloc(2);
  end.writeUInt16BE(port);
  return Buffer.concat([Buffer.from([5, command, 0, 3, name.length]), name, end]);
}

/** What comes back for a greeting and a request, when the gate then ends the connection. */
async function refused(bytes: Buffer): Promise<number[]> {
  const answer = await ask(proxy.socks, Buffer.concat([hello, bytes]));
  return [...Buffer.from(answer, 'latin1')];
}

const connected = () => Buffer.concat([welcome, reply(0)]);

describe('a client of the usual library', () => {
  const connect = (host: string, port: number, type: 4 | 5 = 5) =>
    SocksClient.createConnection({
      proxy: { host: '127.0.0.1', port: proxy.socks, type },
      command: 'connect',
      destination: { host, port },
      timeout: 5000,
    });

  test.each(['localhost', '127.0.0.1'])('reaches %s', async (host) => {
    const { socket } = await connect(host, server.port);
    socket.end('there and back');
    socket.resume();
    expect((await readAll(socket)).toString()).toBe('there and back');
    expect(proxy.events).toEqual([
      { type: 'connected', protocol: 'socks5', host, port: server.port, address: '127.0.0.1' },
    ]);
  });

  test.each([
    ['denied.example', 'NotAllowed', 'not-allowed'],
    ['169.254.169.254', 'NotAllowed', 'not-allowed'],
    ['rebound.example', 'NotAllowed', 'local-address'],
  ])('is told about %s: %s', async (host, message, reason) => {
    await expect(connect(host, 443)).rejects.toThrow(message);
    expect(proxy.events).toMatchObject([{ type: 'refused', protocol: 'socks5', host, reason }]);
  });

  test('is told when nothing listens', async () => {
    await expect(connect('localhost', await closedPort())).rejects.toThrow('ConnectionRefused');
  });

  test('of version 4 gets no answer', async () => {
    await expect(connect('127.0.0.1', server.port, 4)).rejects.toThrow();
    expect(proxy.events).toEqual([]);
  });
});

describe('the handshake', () => {
  test('in one piece with the first data', async () => {
    const socket = await client(proxy.socks);
    socket.write(Buffer.concat([hello, request('localhost', server.port), Buffer.from('early')]));
    expect(await take(socket, 12)).toEqual(connected());
    socket.end(' and late');
    expect((await readAll(socket)).toString()).toBe('early and late');
  });

  test('byte by byte', async () => {
    const socket = await client(proxy.socks);
    for (const byte of Buffer.concat([hello, request('localhost', server.port)])) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect(await take(socket, 12)).toEqual(connected());
    socket.end('x');
    expect((await readAll(socket)).toString()).toBe('x');
  });

  test('and an end of the client at once: the answer still comes, whole', async () => {
    const payload = 'p'.repeat(300_000);
    const socket = await client(proxy.socks);
    socket.end(Buffer.concat([hello, request('localhost', server.port), Buffer.from(payload)]));
    const answer = await readAll(socket);
    expect(answer.subarray(0, 12)).toEqual(connected());
    expect(answer.toString('utf8', 12)).toBe(payload);
  });

  test('data while the gate still dials', async () => {
    proxy.close();
    proxy = await gate(['localhost'], async () => {
      await sleep(100);
      return ['127.0.0.1'];
    });
    const socket = await client(proxy.socks);
    socket.write(Buffer.concat([hello, request('localhost', server.port)]));
    for (const part of ['a', 'b', 'c']) {
      await sleep(20);
      socket.write(part);
    }
    socket.end();
    const answer = await readAll(socket);
    expect(answer.toString('utf8', 12)).toBe('abc');
  });
});

describe('a refusal by reply', () => {
  test.each([
    ['a name that is not allowed', request('denied.example', 443), 2],
    ['a NUL byte in the name', request('evil.example\0.localhost', 443), 2],
    ['a name that is not UTF-8', request(Buffer.from([0x6c, 0xff]), 443), 2],
    ['an empty name', request('', 443), 2],
    ['port 0', request('localhost', 0), 2],
    ['BIND', request('localhost', 443, 2), 7],
    ['UDP ASSOCIATE', request('localhost', 443, 3), 7],
    ['an unknown address type', Buffer.from([5, 1, 0, 9]), 8],
    ['another version', Buffer.from([4, 1, 0, 1, 127, 0, 0, 1, 0, 80]), 1],
  ])('%s', async (_what, bytes, code) => {
    expect(await refused(bytes)).toEqual([...welcome, ...reply(code)]);
    expect(server.connections.filter((socket) => !socket.destroyed)).toEqual([]);
  });

  test('no method that both know', async () => {
    expect(await ask(proxy.socks, Buffer.from([5, 1, 2]))).toBe('\x05\ufffd');
  });

  test('no method at all', async () => {
    expect(await ask(proxy.socks, Buffer.from([5, 0]))).toBe('\x05\ufffd');
  });

  test.each([
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
    ['SOCKS4', Buffer.from([4, 1, 0, 80, 127, 0, 0, 1, 0])],
    ['nothing', ''],
  ])('%s: the connection ends', async (_what, bytes) => {
    expect(await ask(proxy.socks, bytes, { end: true })).toBe('');
    expect(proxy.events).toEqual([]);
  });
});

describe('a client that goes away', () => {
  test.each([
    ['in its greeting', Buffer.from([5])],
    ['after its greeting', hello],
    ['in its request', Buffer.concat([hello, Buffer.from([5, 1, 0, 3, 9])])],
  ])('%s: its connection is closed soon', async (_what, bytes) => {
    const socket = await client(proxy.socks);
    socket.end(bytes);
    socket.resume();
    const ended = once(socket, 'end').then(() => 'closed');
    expect(await Promise.race([ended, sleep(1000, 'still open', { ref: false })])).toBe('closed');
  });

  test('with a reset: nobody is hurt', async () => {
    for (const bytes of [hello, Buffer.concat([hello, request('localhost', server.port)])]) {
      const socket = await client(proxy.socks);
      socket.write(bytes);
      socket.resetAndDestroy();
    }
    expect(await refused(request('denied.example', 443))).toEqual([...welcome, ...reply(2)]);
  });
});
