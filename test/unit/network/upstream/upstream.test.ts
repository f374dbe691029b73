import { once } from 'node:events';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { errnoOf } from '../../../../src/errors.ts';
import type * as upstreamModule from '../../../../src/network/upstream/upstream.ts';
import { type Host, parseHost } from '../../../../src/policy/host-name.ts';
import { parseProxyUrl } from '../../../../src/policy/proxy-url.ts';
import { loadBundled } from '../../bundled.ts';
import { closedPort, readAll, take, type Upstream, upstream } from '../loopback.ts';

const { dialUpstream } = loadBundled<typeof upstreamModule>('src/network/upstream/upstream.ts');

let server: Upstream | undefined;
afterEach(() => server?.close());

/** A proxy that reads the head of a request and passes it on, or what it is told to answer. */
async function httpProxy(answer: (head: string, socket: Socket) => void): Promise<Upstream> {
  server = await upstream((socket) => {
    let head = '';
    socket.on('data', function read(chunk: Buffer) {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', read);
      answer(head, socket);
    });
  });
  return server;
}

function host(text: string): Host {
  const parsed = parseHost(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

function dial(url: string, to = 'example.com', port = 443, options = {}): Promise<Socket> {
  const proxy = parseProxyUrl(url);
  if ('problem' in proxy) throw new Error(proxy.problem);
  return dialUpstream(proxy, host(to), port, options);
}

/** The code that a dial is rejected with. Nothing of it may show the password. */
async function codeOf(dialling: Promise<Socket>): Promise<string> {
  const error: unknown = await dialling.then(
    () => new Error('connected'),
    (reason: unknown) => reason,
  );
  expect(inspect(error, { depth: 9 })).not.toContain('secret');
  return errnoOf(error) || String(error);
}

describe('CONNECT through an HTTP proxy', () => {
  test.each([
    ['example.com', 443, 'example.com:443'],
    ['192.0.2.1', 80, '192.0.2.1:80'],
    ['2001:db8::1', 22, '[2001:db8::1]:22'],
  ])('to %s port %i, whose first bytes came with the answer', async (to, port, authority) => {
    let asked = '';
    const proxy = await httpProxy((head, socket) => {
      asked = head;
      socket.write('HTTP/1.0 200 OK\r\nContent-Length: 3\r\nX: y\r\n\r\nearly ');
      socket.pipe(socket);
    });
    const socket = await dial(`http://127.0.0.1:${proxy.port}`, to, port);
    expect(asked.split('\r\n')[0]).toBe(`CONNECT ${authority} HTTP/1.1`);
    expect(asked.toLowerCase()).toContain(`\r\nhost: ${authority}\r\n`);
    expect(asked.toLowerCase()).not.toContain('authorization');
    socket.end('and late');
    expect((await readAll(socket)).toString()).toBe('early and late');
  });

  test('a server that speaks and ends at once is heard', async () => {
    const proxy = await httpProxy((_head, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nbye'));
    const socket = await dial(`http://127.0.0.1:${proxy.port}`);
    expect((await readAll(socket)).toString()).toBe('bye');
    socket.destroy();
  });

  test('with credentials, which are decoded and sent to it alone', async () => {
    let asked = '';
    const proxy = await httpProxy((head, socket) => {
      asked = head;
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    (await dial(`http://m%40e:se%3Acr%C3%A9t@127.0.0.1:${proxy.port}`)).destroy();
    const [, sent = ''] = /^proxy-authorization: Basic (\S+)\r$/im.exec(asked) ?? [];
    expect(Buffer.from(sent, 'base64').toString()).toBe('m@e:se:crét');
  });

  test.each<[string, string, string]>([
    ['asks for credentials', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'HTTP 407'],
    ['refuses', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno', 'HTTP 403'],
    ['redirects', 'HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n', 'HTTP 302'],
    ['says 100 first', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', 'HTTP 100'],
    ['upgrades', 'HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', 'HTTP 101'],
    ['talks garbage', 'SSH-2.0-OpenSSH\r\n\r\n', 'EPROTO'],
    ['talks without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(17_000)}`, 'EMSGSIZE'],
    ['ends within the head', 'HTTP/1.1 200 OK\r\nX', 'ECONNRESET'],
    ['ends without a word', '', 'ECONNRESET'],
  ])('that %s', async (_what, answer, code) => {
    const proxy = await httpProxy((_head, socket) => socket.end(answer));
    expect(await codeOf(dial(`http://u:secret@127.0.0.1:${proxy.port}`))).toBe(code);
    const [connection] = proxy.connections;
    if (connection && !connection.destroyed) await once(connection, 'close');
  });

  test.each(['http', 'https', 'socks5', 'socks4'])('%s: nobody listens', async (scheme) => {
    const url = `${scheme}://u:secret@127.0.0.1:${await closedPort()}`;
    expect(await codeOf(dial(url))).toBe('ECONNREFUSED');
  });

  test.each(['http', 'https', 'socks5', 'socks4'])('%s: it never answers', async (scheme) => {
    server = await upstream((socket) => socket.resume());
    const url = `${scheme}://u:secret@127.0.0.1:${server.port}`;
    expect(await codeOf(dial(url, 'example.com', 443, { timeout: 100 }))).toBe('ETIMEDOUT');
  });

  test.each(['https', 'socks5', 'socks4'])('%s: it ends at once', async (scheme) => {
    server = await upstream((socket) => socket.resume().end());
    const url = `${scheme}://u:secret@127.0.0.1:${server.port}`;
    expect(['ECONNRESET', 'EPIPE']).toContain(await codeOf(dial(url)));
  });
});

describe('a plain request through an HTTP proxy', () => {
  const GET = 'GET /a?b HTTP/1.1\r\nHost: other.example\r\nConnection: keep-alive\r\nA: b\r\n\r\n';

  test.each([
    ['example.com', 80, 'example.com'],
    ['example.com', 8080, 'example.com:8080'],
    ['2001:db8::1', 80, '[2001:db8::1]'],
  ])('to %s port %i gets the absolute form, and is the last', async (to, port, authority) => {
    let asked = '';
    const proxy = await httpProxy((head, socket) => {
      asked = head;
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    const url = `http://me:word@127.0.0.1:${proxy.port}`;
    const socket = await dial(url, to, port, { plain: true });
    socket.write(GET, 'latin1');
    await readAll(socket);
    socket.destroy();
    expect(asked).toBe(
      `GET http://${authority}/a?b HTTP/1.1\r\nConnection: close\r\n` +
        'Proxy-Authorization: Basic bWU6d29yZA==\r\nHost: other.example\r\nA: b\r\n\r\n',
    );
  });

  test.each([
    'GET /',
    Buffer.from(GET),
    'CONNECT x:1 HTTP/1.1\r\n\r\n',
  ])('whose head is not whole in one piece goes nowhere: %j', async (head) => {
    const proxy = await httpProxy(() => {});
    const socket = await dial(`http://127.0.0.1:${proxy.port}`, 'example.com', 80, {
      plain: true,
    });
    socket.write(head);
    if (!socket.closed) await once(socket, 'close');
    expect(errnoOf(socket.errored)).toBe('EPROTO');
    expect(proxy.connections[0]?.bytesRead ?? 0).toBe(0);
  });
});

/** Speaks the server's side of RFC 1928, as far as a test asks for it. */
async function socksProxy(options: {
  method?: number;
  auth?: number;
  reply?: number;
  early?: string;
}): Promise<{ proxy: Upstream; seen: { auth: string; request: Buffer } }> {
  const { method = 0, auth = 0, reply = 0, early = '' } = options;
  const seen = { auth: '', request: Buffer.alloc(0) };
  const serve = async (socket: Socket) => {
    const [, methods = 0] = await take(socket, 2);
    await take(socket, methods);
    socket.write(Buffer.from([5, method]));
    if (method === 2) {
      const [, userLength = 0] = await take(socket, 2);
      const user = await take(socket, userLength);
      const [length = 0] = await take(socket, 1);
      seen.auth = `${user} ${await take(socket, length)}`;
      socket.write(Buffer.from([1, auth]));
    }
    const head = await take(socket, 4);
    const length = head[3] === 3 ? await take(socket, 1) : Buffer.alloc(0);
    const rest = await take(
      socket,
      (head[3] === 3 ? (length[0] ?? 0) : head[3] === 1 ? 4 : 16) + 2,
    );
    seen.request = Buffer.concat([head, length, rest]);
    socket.write(
      Buffer.concat([Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.from(early)]),
    );
    if (early === 'bye') socket.end();
    else socket.pipe(socket);
  };
  const proxy = await upstream((socket) => serve(socket).catch(() => socket.destroy()));
  server = proxy;
  return { proxy, seen };
}

describe('through a SOCKS proxy', () => {
  test.each([
    ['example.com', '050100030b6578616d706c652e636f6d01bb'],
    ['192.0.2.1', '05010001c000020101bb'],
    ['2001:db8::1', '0501000420010db800000000000000000000000101bb'],
  ])('SOCKS5 to %s', async (to, request) => {
    const { proxy, seen } = await socksProxy({ early: 'early ' });
    const socket = await dial(`socks5://127.0.0.1:${proxy.port}`, to);
    /* However long the caller takes: nothing that came early is lost. */
    await new Promise((done) => setImmediate(done));
    socket.end('and late');
    expect((await readAll(socket)).toString()).toBe('early and late');
    expect(seen.request.toString('hex')).toBe(request);
  });

  test('a server that speaks and ends at once is heard', async () => {
    const { proxy } = await socksProxy({ early: 'bye' });
    const socket = await dial(`socks5://127.0.0.1:${proxy.port}`);
    expect((await readAll(socket)).toString()).toBe('bye');
    socket.destroy();
  });

  test('with user and password (RFC 1929)', async () => {
    const { proxy, seen } = await socksProxy({ method: 2 });
    (await dial(`socks5://m%40e:w%3Ard@127.0.0.1:${proxy.port}`)).destroy();
    expect(seen.auth).toBe('m@e w:rd');
  });

  test.each([
    ['a wrong password', { method: 2, auth: 1 }, 'SOCKS authentication failed'],
    ['no method in common', { method: 255 }, 'SOCKS authentication failed'],
    ['a refusal', { reply: 2 }, 'SOCKS NotAllowed'],
    ['a host that it cannot reach', { reply: 4 }, 'SOCKS HostUnreachable'],
    ['a method that nobody offered', { method: 9 }, 'SOCKS authentication failed'],
  ])('%s', async (_what, options, code) => {
    const { proxy } = await socksProxy(options);
    expect(await codeOf(dial(`socks5://u:secret@127.0.0.1:${proxy.port}`))).toBe(code);
  });

  test('one that talks HTTP', async () => {
    server = await upstream((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await codeOf(dial(`socks5://u:secret@127.0.0.1:${server.port}`))).toBe('EPROTO');
  });

  test('SOCKS4a: the name as a name, and the user', async () => {
    let asked: Buffer = Buffer.alloc(0);
    server = await upstream((socket) => {
      socket.once('data', (chunk: Buffer) => {
        asked = chunk;
        socket.write(Buffer.from([0, 0x5a, 0, 0, 0, 0, 0, 0]));
        socket.pipe(socket);
      });
    });
    const socket = await dial(`socks4a://me@127.0.0.1:${server.port}`);
    expect(asked.toString('latin1')).toBe('\x04\x01\x01\xbb\0\0\0\x01me\0example.com\0');
    socket.end('echo');
    expect((await readAll(socket)).toString()).toBe('echo');
  });

  test('SOCKS4 has no IPv6', async () => {
    expect(await codeOf(dial('socks4://127.0.0.1:1', '2001:db8::1'))).toBe('EAFNOSUPPORT');
  });
});
