import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ask,
  client,
  type GateUnderTest,
  gate,
  readAll,
  type Upstream,
  upstream,
} from '../loopback.ts';
import { status } from '../origin.ts';

/* An origin that keeps what arrives as bytes, and answers with what the test wants. */
let origin: Upstream;
let seen: string;
let answer: string | ((request: string) => string);
let proxy: GateUnderTest;
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

beforeEach(async () => {
  seen = '';
  answer = OK;
  origin = await upstream((socket) => {
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      seen += text;
      const reply = typeof answer === 'string' ? answer : answer(text);
      if (reply) socket.write(reply, 'latin1');
    });
    socket.on('end', () => socket.end());
  });
  proxy = await gate(['localhost'], async () => ['127.0.0.1']);
});
afterEach(() => {
  proxy.close();
  origin.close();
});

const url = () => `http://localhost:${origin.port}/`;
const requests = () => seen.match(/^[A-Z]+ \S+ HTTP\/1\.1$/gm) ?? [];
const head = (...lines: string[]) => `${[...lines, ''].join('\r\n')}\r\n`;
const INNER = 'GET http://denied.example/ HTTP/1.1\r\nhost: denied.example\r\n\r\n';

describe('a request that two parsers may read differently', () => {
  const post = (...headers: string[]) =>
    head(`POST ${url()} HTTP/1.1`, 'host: x', 'connection: close', ...headers);
  const CASES: readonly (readonly [what: string, bad: () => string, good: () => string])[] = [
    [
      'two lengths',
      () => `${post('content-length: 2', 'content-length: 3')}abc`,
      () => `${post('content-length: 2')}ab`,
    ],
    [
      'a list of lengths',
      () => `${post('content-length: 2, 2')}ab`,
      () => `${post('content-length: 2')}ab`,
    ],
    [
      'a length with a sign',
      () => `${post('content-length: +2')}ab`,
      () => `${post('content-length: 2')}ab`,
    ],
    [
      'a length and chunks',
      () => `${post('content-length: 4', 'transfer-encoding: chunked')}0\r\n\r\n${INNER}`,
      () => `${post('transfer-encoding: chunked')}0\r\n\r\n`,
    ],
    [
      'chunks that are not the last encoding',
      () => `${post('transfer-encoding: chunked, identity')}0\r\n\r\n${INNER}`,
      () => `${post('transfer-encoding: chunked')}0\r\n\r\n`,
    ],
    [
      'an encoding of another spelling',
      () => `${post('transfer-encoding: xchunked')}0\r\n\r\n${INNER}`,
      () => `${post('Transfer-Encoding: CHUNKED')}0\r\n\r\n`,
    ],
    [
      'whitespace before the colon',
      () => `${post('content-length : 2')}ab`,
      () => `${post('content-length:  2')}ab`,
    ],
    [
      'a header that goes on in the next line',
      () => post('x: a', ' content-length: 2'),
      () => post('x: a content-length: 2'),
    ],
    ['a NUL in a header', () => post('x: a\0b'), () => post('x: ab')],
    ['a bare CR in a header', () => post('x: a\rb: c'), () => post('x: a')],
    [
      'lines that end with LF alone',
      () => `GET ${url()} HTTP/1.1\nhost: x\n\n`,
      () => head(`GET ${url()} HTTP/1.1`, 'host: x', 'connection: close'),
    ],
    [
      'a chunk size with a sign',
      () => `${post('transfer-encoding: chunked')}+2\r\nab\r\n0\r\n\r\n`,
      () => `${post('transfer-encoding: chunked')}2\r\nab\r\n0\r\n\r\n`,
    ],
    [
      'a chunk that is longer than it says',
      () => `${post('transfer-encoding: chunked')}2\r\nabc\r\n0\r\n\r\n`,
      () => `${post('transfer-encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
    ],
    [
      'a chunk extension with a line end in it',
      () => `${post('transfer-encoding: chunked')}2;a\nxx\r\nab\r\n0\r\n\r\n`,
      () => `${post('transfer-encoding: chunked')}2;a=b\r\nab\r\n0\r\n\r\n`,
    ],
  ];

  test.each(CASES)('%s', async (_what, bad, good) => {
    const refused = await ask(proxy.http, Buffer.from(bad(), 'latin1'), { end: true });
    expect(refused).not.toMatch(/^HTTP\/1\.1 2/m);
    expect(seen).not.toContain('denied.example');
    expect(seen).not.toMatch(/\r\n0\r\n\r\n$/);
    seen = '';
    expect(status(await ask(proxy.http, good()))).toBe('200');
    expect(requests()).toHaveLength(1);
  });
});

describe('a head that is too large', () => {
  const get = (length: number) =>
    head(`GET ${url()} HTTP/1.1`, 'host: x', 'connection: close', `x: ${'x'.repeat(length)}`);
  test('is refused with 431, and one that is not passes', async () => {
    expect(status(await ask(proxy.http, get(20_000)))).toBe('431');
    expect(requests()).toEqual([]);
    expect(status(await ask(proxy.http, get(15_000)))).toBe('200');
  });
});

describe('several requests on one connection', () => {
  const get = (path: string, ...headers: string[]) =>
    head(`GET ${url()}${path} HTTP/1.1`, 'host: x', ...headers);

  test('a CONNECT behind an unfinished request is answered behind it', async () => {
    const socket = await client(proxy.http);
    answer = (text) => (text.startsWith('GET') ? '' : text);
    const connect = head(`CONNECT localhost:${origin.port} HTTP/1.1`);
    socket.write(`${get('slow')}${connect}through`);
    while (!seen) await sleep(5);
    await sleep(30);
    expect(proxy.events).toHaveLength(1);
    const all = readAll(socket);
    const body = 'x'.repeat(3_000_000);
    origin.connections[0]?.write(
      `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    while (!seen.endsWith('through')) await sleep(5);
    socket.end();
    const text = String(await all);
    expect(text.match(/HTTP\/1\.1 200 \w*/g)).toEqual([
      'HTTP/1.1 200 OK',
      'HTTP/1.1 200 Connection',
    ]);
    expect(text.endsWith(`${body}HTTP/1.1 200 Connection Established\r\n\r\nthrough`)).toBe(true);
  });

  test('each host is decided anew', async () => {
    const text = await ask(proxy.http, `${get('a')}${get('b')}${INNER}`);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 403']);
    expect(requests()).toEqual(['GET /a HTTP/1.1', 'GET /b HTTP/1.1']);
    const refused = proxy.events.filter(({ type }) => type === 'refused');
    expect(refused).toMatchObject([{ protocol: 'http', host: 'denied.example' }]);
  });
});

describe('what an answer can be', () => {
  const get = (method = 'GET', version = '1.1') =>
    head(`${method} ${url()} HTTP/${version}`, 'host: x', 'connection: close');
  const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n';

  test.each<[string, string, string, string, string]>([
    ['HEAD', 'HEAD', '1.1', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', ''],
    ['204', 'GET', '1.1', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    ['304', 'GET', '1.1', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n', ''],
    ['100 before', 'GET', '1.1', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, 'ok'],
    ['103 before', 'GET', '1.1', `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`, 'ok'],
    [
      'trailers',
      'GET',
      '1.1',
      `${CHUNKED}trailer: t\r\n\r\n2\r\nok\r\n0\r\nt: 1\r\n\r\n`,
      '2\r\nok\r\n0\r\n\r\n',
    ],
    ['chunks for HTTP/1.0', 'GET', '1.0', `${CHUNKED}\r\n2\r\nok\r\n0\r\n\r\n`, 'ok'],
  ])('%s', async (_what, method, version, reply, body) => {
    answer = reply;
    const text = await ask(proxy.http, get(method, version));
    const expected = /^HTTP\/1\.1 (?!1)(\d+)/m.exec(reply)?.[1];
    expect(/HTTP\/1\.1 (?!1)(\d+)/.exec(text)?.[1]).toBe(expected);
    expect(text.endsWith(`\r\n\r\n${body}`)).toBe(true);
  });

  test('Expect: a body is asked for, and another expectation is not met', async () => {
    const expecting = (what: string) =>
      head(
        `POST ${url()} HTTP/1.1`,
        'host: x',
        'connection: close',
        'content-length: 2',
        `expect: ${what}`,
      );
    const socket = await client(proxy.http);
    socket.write(expecting('100-continue'));
    const all = readAll(socket);
    await sleep(30);
    socket.write('ab');
    expect(String(await all)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/);
    expect(status(await ask(proxy.http, expecting('miracles')))).toBe('417');
  });
});

describe('WebSocket through http://', () => {
  const upgrade = (...headers: string[]) =>
    head(`GET ${url()}chat HTTP/1.1`, 'host: y', 'connection: Upgrade', ...headers);
  const websocket = () => upgrade('upgrade: websocket', 'sec-websocket-key: a', 'x-mine: b');

  test('the origin says yes: bytes pass both ways', async () => {
    answer = (text) =>
      text.startsWith('GET')
        ? head(
            'HTTP/1.1 101 Switching Protocols',
            'upgrade: websocket',
            'connection: Upgrade',
            'Sec-WebSocket-Accept: z',
          )
        : `<${text}>`;
    const socket = await client(proxy.http);
    socket.write(`${websocket()}early`);
    const all = readAll(socket);
    while (!seen.endsWith('early')) await sleep(5);
    socket.end('late');
    const text = String(await all);
    expect(text).toMatch(/^HTTP\/1\.1 101 \r\n/);
    expect(text).toContain('\r\nSec-WebSocket-Accept: z\r\n');
    expect(text).toMatch(/<early.*late>$/);
    expect(seen).toMatch(/^GET \/chat HTTP\/1\.1\r\n/);
    for (const line of [
      `host: localhost:${origin.port}`,
      'connection: Upgrade',
      'upgrade: websocket',
      'x-mine: b',
    ])
      expect(seen).toContain(`\r\n${line}\r\n`);
  });

  test('the origin says no: its answer passes, and what follows stays here', async () => {
    answer = 'HTTP/1.1 426 Upgrade Required\r\nx-why: version\r\ncontent-length: 2\r\n\r\nno';
    const text = await ask(proxy.http, websocket() + INNER);
    expect(text).toMatch(/^HTTP\/1\.1 426 \r\nx-why: version\r\n/);
    expect(text).toMatch(/\r\n\r\nno$/);
    expect(seen).not.toContain('denied.example');
  });

  test('a host that is not allowed is refused', async () => {
    const text = await ask(proxy.http, websocket().replace('localhost', 'denied.example'));
    expect(text).toMatch(/^HTTP\/1\.1 403 .*\r\nx-proxy-error/);
    expect(seen).toBe('');
  });

  test('another upgrade is a request like any other, over and over', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const h2c = `${upgrade('upgrade: h2c').replace('GET', 'POST').replace('Upgrade', 'Upgrade, keep-alive').replace('\r\n\r\n', '\r\ncontent-length: 4\r\n\r\n')}body`;
    const socket = await client(proxy.http);
    const last = head(`GET ${url()} HTTP/1.1`, 'host: x', 'connection: close');
    socket.write(h2c.repeat(30) + last);
    const text = String(await readAll(socket));
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(31);
    expect(seen.match(/POST \/chat HTTP\/1\.1\r\n/g)).toHaveLength(30);
    expect(seen.match(/body/g)).toHaveLength(30);
    expect(seen).not.toMatch(/upgrade/i);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('descriptors', () => {
  const count = () => readdirSync('/proc/self/fd').length;
  const leave = async (bytes: string) => {
    const socket = await client(proxy.http);
    socket.write(bytes);
    socket.resume();
    if (bytes) await new Promise((resolve) => socket.once('end', resolve));
    socket.destroy();
  };

  test.each([
    ['nothing', ''],
    ['a refused CONNECT', 'CONNECT denied.example:443 HTTP/1.1\r\n\r\n'],
    ['a refused request', INNER],
    ['no HTTP', 'x\r\n\r\n'],
  ])('come back after %s', async (_what, bytes) => {
    await leave(bytes);
    await sleep(20);
    const before = count();
    for (let n = 0; n < 20; n++) await leave(bytes);
    await sleep(50);
    expect(count()).toBeLessThan(before + 5);
  });
});
