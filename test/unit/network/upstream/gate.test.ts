/* A gate whose way out is another gate: what is sent through a parent proxy, end to end. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { client, type GateUnderTest, gate, take, type Upstream, upstream } from '../loopback.ts';
import { type Origin, send, startOrigin, status } from '../origin.ts';

const unasked = async (name: string) => {
  throw new Error(`${name} was looked up`);
};

let origin: Origin;
let parent: GateUnderTest;
let inner: GateUnderTest | undefined;
let slow: Upstream | undefined;
beforeEach(async () => {
  origin = await startOrigin();
  parent = await gate(['example.com', '127.0.0.1'], async () => ['127.0.0.1']);
});
afterEach(() => {
  for (const one of [inner, slow, parent, origin]) one?.close();
});

const urls = () => ({
  http: `http://u:p@127.0.0.1:${parent.http}`,
  socks5: `socks5://127.0.0.1:${parent.socks}`,
});

/** Asks for a tunnel and returns it with the status line. */
async function tunnel(port: number, authority: string): Promise<{ line: string; socket: Socket }> {
  const socket = await client(port);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\n\r\n`);
  const line = (await take(socket, 12)).toString();
  return { line, socket };
}

describe.each(['http', 'socks5'] as const)('through a parent proxy of %s', (scheme) => {
  beforeEach(async () => {
    inner = await gate(['example.com', 'other.example'], unasked, urls()[scheme]);
  });

  test('a plain request arrives as it was sent', async () => {
    const url = `http://example.com:${origin.port}/a//b?c`;
    const headers = ['content-length: 4', 'x-own: y'];
    const answer = await send(inner?.http ?? 0, `POST ${url}`, headers, 'body');
    expect(status(answer)).toBe('200');
    expect(answer).toMatch(/POST \/a\/\/b\?c$/);
    const [arrived] = origin.seen;
    expect(arrived?.body).toBe('body');
    expect(arrived?.request.headers).toMatchObject({
      host: `example.com:${origin.port}`,
      'x-own': 'y',
    });
    expect(arrived?.request.headers).not.toHaveProperty('proxy-authorization');
    expect(inner?.events).toEqual([
      {
        type: 'connected',
        protocol: 'http',
        host: 'example.com',
        port: origin.port,
        address: '127.0.0.1',
        via: urls()[scheme].replace('u:p@', ''),
      },
    ]);
  });

  test('an upload in pieces arrives whole', async () => {
    const url = `http://example.com:${origin.port}/up`;
    const headers = ['transfer-encoding: chunked'];
    const pieces = '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
    const answer = await send(inner?.http ?? 0, `PUT ${url}`, headers, pieces);
    expect(status(answer)).toBe('200');
    expect(origin.seen.map(({ body }) => body)).toEqual(['abcde']);
  });

  test('a tunnel carries both ways', async () => {
    const { line, socket } = await tunnel(inner?.http ?? 0, `example.com:${origin.port}`);
    expect(line).toBe('HTTP/1.1 200');
    socket.write('GET /in HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await once(socket.resume(), 'end');
    expect(origin.seen).toHaveLength(1);
    socket.destroy();
  });

  test('what it refuses is a bad gateway that names it', async () => {
    parent.allow('elsewhere.example');
    const { line, socket } = await tunnel(inner?.http ?? 0, 'example.com:443');
    socket.destroy();
    expect(line).toBe('HTTP/1.1 502');
    const errno = scheme === 'http' ? 'HTTP 403' : 'SOCKS NotAllowed';
    expect(inner?.events).toMatchObject([
      { type: 'unreachable', errno, via: urls()[scheme].replace('u:p@', '') },
    ]);
  });
});

test('a proxy is not told of a name that is refused', async () => {
  inner = await gate(['example.com'], unasked, urls().http);
  expect(status(await send(inner.http, 'GET http://other.example/'))).toBe('403');
  expect(parent.events).toEqual([]);
});

describe('lists that change', () => {
  test('cut the tunnel that they refuse, and no other', async () => {
    inner = await gate(['example.com', '127.0.0.1'], unasked, urls().http);
    const gone = await tunnel(inner.http, `example.com:${origin.port}`);
    const kept = await tunnel(inner.http, `127.0.0.1:${origin.port}`);
    inner.allow('127.0.0.1');
    await once(gone.socket.resume(), 'end');
    gone.socket.destroy();
    expect(inner.events.at(-1)).toMatchObject({ type: 'refused', host: 'example.com' });
    kept.socket.write('GET /in HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await once(kept.socket.resume(), 'end');
    expect(origin.seen).toHaveLength(1);
    kept.socket.destroy();
  });

  test('hold for a connection that is being made', async () => {
    slow = await upstream(() => {});
    inner = await gate(['example.com'], unasked, `http://127.0.0.1:${slow.port}`);
    const asking = tunnel(inner.http, 'example.com:443');
    const proxy = await slow.first;
    await once(proxy, 'data');
    inner.allow();
    proxy.write('HTTP/1.1 200 OK\r\n\r\n');
    const { line, socket } = await asking;
    expect(line).toBe('HTTP/1.1 403');
    socket.destroy();
    if (!proxy.readableEnded && !proxy.destroyed) await once(proxy.resume(), 'end');
  });

  test('hold for the next request of a connection', async () => {
    inner = await gate(['example.com'], unasked, urls().http);
    const url = `GET http://example.com:${origin.port}/`;
    expect(status(await send(inner.http, url))).toBe('200');
    inner.allow('!example.com', 'example.com');
    expect(status(await send(inner.http, url))).toBe('403');
    inner.allow('example.com');
    expect(status(await send(inner.http, url))).toBe('200');
  });
});
