import { ask, client, closedPort, type GateUnderTest, gate, readAll, take } from '../loopback.ts';
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

describe('a request in absolute-form', () => {
  test('reaches the origin it names, with its own authority as host', async () => {
    const answer = await send(proxy.http, `GET http://LOCALHOST:${origin.port}/a?b`);
    expect(status(answer)).toBe('200');
    expect(answer).toContain('x-origin: yes');
    expect(answer).toMatch(/\r\n\r\nGET \/a\?b$/);
    expect(origin.seen).toHaveLength(1);
    const hosts = origin.seen[0]?.request.rawHeaders.filter((_, i, all) =>
      /^host$/i.test(all[i - 1] ?? ''),
    );
    expect(hosts).toEqual([`LOCALHOST:${origin.port}`]);
    expect(proxy.events).toEqual([
      {
        type: 'connected',
        protocol: 'http',
        host: 'localhost',
        port: origin.port,
        address: '127.0.0.1',
      },
    ]);
  });

  test.each([
    '/',
    '/a//b/../c/./%2e%2F%zz',
    '/?q=http://x/',
    '/\\a',
    '/%C3%BC',
    '//x',
  ])('the path %s arrives byte for byte', async (path) => {
    await send(proxy.http, `GET http://localhost:${origin.port}${path}`);
    expect(origin.seen[0]?.request.url).toBe(path);
  });

  test.each([
    ['with a length', ['content-length: 5'], 'hello', 'hello'],
    ['in chunks', ['transfer-encoding: chunked'], '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n', 'abcde'],
    ['after 100-continue', ['content-length: 2', 'expect: 100-continue'], 'ok', 'ok'],
  ])('a body %s arrives', async (_what, headers, body, expected) => {
    const answer = await send(proxy.http, `POST http://localhost:${origin.port}/`, headers, body);
    expect(answer).toMatch(/POST \/$/);
    expect(origin.seen[0]?.body).toBe(expected);
  });

  test('what is meant for the proxy stays with the proxy', async () => {
    await send(proxy.http, `GET http://localhost:${origin.port}/`, [
      'proxy-connection: keep-alive',
      'proxy-authorization: Basic c2VjcmV0',
      'authorization: Bearer mine',
    ]);
    const headers = origin.seen[0]?.request.headers ?? {};
    expect(Object.keys(headers).filter((name) => name.startsWith('proxy-'))).toEqual([]);
    expect(headers.authorization).toBe('Bearer mine');
  });

  test('each request on a connection is decided by itself', async () => {
    const socket = await client(proxy.http);
    const request = (host: string) => `GET http://${host}/ HTTP/1.1\r\nhost: x\r\n\r\n`;
    socket.write(request(`localhost:${origin.port}`));
    expect((await take(socket, 15)).toString()).toBe('HTTP/1.1 200 OK');
    socket.write(request('denied.example') + request(`localhost:${origin.port}`));
    const rest = (await readAll(socket)).toString();
    expect(rest).toContain('HTTP/1.1 403 Forbidden');
    expect(rest.indexOf('denied.example')).toBeGreaterThan(rest.indexOf('403'));
    /* The refusal closes the connection, so that what follows it is never mistaken. */
    expect(origin.seen).toHaveLength(1);
  });

  test('requests that a client sends ahead are answered in their order', async () => {
    const line = (path: string) => `GET http://localhost:${origin.port}${path} HTTP/1.1\r\nhost: x`;
    const last = `${line('/3')}\r\nconnection: close`;
    const answers = await ask(
      proxy.http,
      `${[line('/1'), line('/2'), last].join('\r\n\r\n')}\r\n\r\n`,
    );
    expect(answers.match(/HTTP\/1\.1 200|GET \/\d/g)).toEqual(
      ['/1', '/2', '/3'].flatMap((path) => ['HTTP/1.1 200', `GET ${path}`]),
    );
  });

  test('many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        send(proxy.http, `GET http://localhost:${origin.port}/${i}`),
      ),
    );
    answers.forEach((answer, i) => {
      expect(answer.endsWith(`GET /${i}`)).toBe(true);
    });
  });
});

describe('a refusal', () => {
  test.each([
    ['not allowed', 'GET http://denied.example/', 'denied.example', 'not-allowed'],
    [
      'userinfo',
      'GET http://localhost@denied.example/',
      'localhost@denied.example',
      'malformed-host',
    ],
    ['leads to this machine', 'GET http://rebound.example/', 'rebound.example', 'local-address'],
    ['CONNECT, not allowed', 'CONNECT denied.example:443', 'denied.example', 'not-allowed'],
    ['CONNECT by address', 'CONNECT 169.254.169.254:80', '169.254.169.254', 'not-allowed'],
    ['CONNECT to this machine', 'CONNECT rebound.example:443', 'rebound.example', 'local-address'],
    ['CONNECT to port 0', 'CONNECT localhost:0', 'localhost', 'malformed-port'],
  ])('%s: 403, the header, a reason, an event', async (_what, line, host, reason) => {
    const answer = await send(proxy.http, line);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(answer).toContain('\r\nx-proxy-error: blocked-by-allowlist\r\n');
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(body).toMatch(/^srt refused /);
    expect(body).toContain(host);
    expect(answer).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(proxy.events).toMatchObject([{ type: 'refused', host, reason }]);
    expect(origin.seen).toEqual([]);
  });

  test.each([
    ['an origin-form', 'GET /'],
    ['an asterisk', 'OPTIONS *'],
    ['another scheme', 'GET https://localhost/'],
    ['CONNECT without a port', 'CONNECT localhost'],
    ['CONNECT to a URL', 'CONNECT http://localhost:80/'],
    ['no HTTP', 'hello there,'],
  ])('%s: 400, and no event', async (_what, line) => {
    expect(status(await send(proxy.http, line))).toBe('400');
    expect(proxy.events).toEqual([]);
  });

  test.each([
    'GET http://localhost:PORT/',
    'CONNECT localhost:PORT',
  ])('nothing listens: 502 for %s', async (line) => {
    const answer = await send(proxy.http, line.replace('PORT', String(await closedPort())));
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(answer).toMatch(/is allowed but cannot be reached \(ECONNREFUSED\)\.\n$/);
    expect(answer).not.toContain('x-proxy-error');
    expect(proxy.events).toMatchObject([{ type: 'unreachable', errno: 'ECONNREFUSED' }]);
  });
});
