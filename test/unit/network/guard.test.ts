/* The port of this machine on which the gate asks who it is: any local program can connect there. */
import { once } from 'node:events';
import { SocksClient } from 'socks';
import type { SandboxEvent } from '../../../src/events.ts';
import type * as gateModule from '../../../src/network/gate.ts';
import { createGuard } from '../../../src/network/guard.ts';
import { run } from '../../support/srt.ts';
import { loadBundled } from '../bundled.ts';
import { networkPolicy } from '../rules.ts';
import { ask, client, readAll } from './loopback.ts';
import { type Origin, send, startOrigin, status } from './origin.ts';

const { createGate } = loadBundled<typeof gateModule>('src/network/gate.ts');

const TOKEN = 'a-token.of_this-run';
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;
const OWN = `proxy-authorization: ${basic(`srt:${TOKEN}`)}`;

let origin: Origin;
let events: SandboxEvent[];
let gate: ReturnType<typeof createGate>;
let port: number;

beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());
beforeEach(async () => {
  origin.seen.length = 0;
  events = [];
  const policy = networkPolicy(`127.0.0.1:${origin.port}`);
  gate = createGate(policy, (event) => events.push(event), { guard: createGuard(TOKEN) });
  port = await gate.listen();
});
afterEach(() => gate.close());

test('there is no port without a guard', async () => {
  await expect(createGate(networkPolicy(), () => {}).listen()).rejects.toThrow('needs a guard');
});

describe('who is admitted by a header', () => {
  const guard = createGuard(TOKEN);
  test.each([
    [basic(`srt:${TOKEN}`), true],
    [`basic  ${Buffer.from(`srt:${TOKEN}`).toString('base64url')}`, true],
    [undefined, false],
    ['', false],
    ['Basic', false],
    [basic(`srt:${TOKEN}x`), false],
    [basic(`srt:${TOKEN.slice(1)}`), false],
    [basic(`other:${TOKEN}`), false],
    [basic(`srt${TOKEN}`), false],
    [basic(TOKEN), false],
    [`Bearer ${TOKEN}`, false],
    [`Basic srt:${TOKEN}`, false],
    [`${basic(`srt:${TOKEN}`)}, ${basic('x:y')}`, false],
  ])('%j: %s', (value, admitted) => {
    expect(guard.admitsHeader(value)).toBe(admitted);
  });

  test('an empty token admits nobody but who knows that it is empty', () => {
    expect(createGuard('').admitsHeader(undefined)).toBe(false);
  });
});

const target = () => `http://127.0.0.1:${origin.port}/`;

/** Requests by which a stranger might get something decided. */
const WAYS: [string, () => { line: string; headers?: string[] }][] = [
  ['a request', () => ({ line: `GET ${target()}` })],
  ['CONNECT', () => ({ line: `CONNECT 127.0.0.1:${origin.port}` })],
  [
    'a WebSocket',
    () => ({ line: `GET ${target()}`, headers: ['connection: upgrade', 'upgrade: websocket'] }),
  ],
  [
    'an upgrade that is none',
    () => ({ line: `GET ${target()}`, headers: ['connection: upgrade', 'upgrade: h2c'] }),
  ],
];

describe.each(WAYS)('%s', (_name, request) => {
  test('with the token gets what the lists allow', async () => {
    const { line, headers = [] } = request();
    const tunnelled = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    const body = line.startsWith('CONNECT') ? tunnelled : '';
    expect(await send(port, line, [OWN, ...headers], body)).toMatch(/x-origin: yes/);
    expect(origin.seen).toHaveLength(1);
    expect(JSON.stringify(origin.seen[0]?.request.rawHeaders)).not.toMatch(/authorization/i);
  });

  test.each([
    ['none', []],
    ['another', [`proxy-authorization: ${basic('srt:guessed')}`]],
    ['one in the wrong header', [OWN.replace('proxy-', '')]],
  ])('with %s is refused before anything is decided', async (_which, given) => {
    const { line, headers = [] } = request();
    const answer = await send(port, line, [...given, ...headers]);
    expect(status(answer)).toBe('407');
    expect(answer).toMatch(/^proxy-authenticate: Basic realm="srt"/im);
    expect(answer).toMatch(/^connection: close/im);
    expect(events).toEqual([]);
    expect(origin.seen).toEqual([]);
  });
});

test('a request behind one that was admitted must say it again', async () => {
  const line = `GET ${target()} HTTP/1.1\r\nhost: x\r\n`;
  const answers = await ask(port, `${line}${OWN}\r\n\r\n${line}\r\n`);
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 407']);
  expect(origin.seen).toHaveLength(1);
});

test('what cannot be read as a request gets no decision either', async () => {
  expect(status(await ask(port, 'NONSENSE\r\n\r\n'))).toBe('400');
  expect(events).toEqual([]);
});

describe('SOCKS5', () => {
  const connect = (userId?: string, password?: string) =>
    SocksClient.createConnection({
      proxy: {
        ...{ host: '127.0.0.1', port, type: 5 },
        ...(userId === undefined ? {} : { userId, password: password ?? '' }),
      },
      command: 'connect',
      destination: { host: '127.0.0.1', port: origin.port },
      timeout: 5000,
    });

  test('with the token reaches what the lists allow', async () => {
    const { socket } = await connect('srt', TOKEN);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    socket.resume();
    expect(String(await readAll(socket))).toMatch(/x-origin: yes/);
    expect(events).toMatchObject([{ type: 'connected', protocol: 'socks5' }]);
  });

  test.each([
    ['no name and password', undefined, undefined, /no accepted authentication type/i],
    ['another password', 'srt', 'guessed', /authentication failed/i],
    ['another name', 'other', TOKEN, /authentication failed/i],
    ['an empty password', 'srt', '', /authentication failed/i],
  ])('with %s is refused before anything is decided', async (_which, user, password, error) => {
    await expect(connect(user, password)).rejects.toThrow(error);
    expect(events).toEqual([]);
    expect(origin.seen).toEqual([]);
  });

  test.each([
    ['another version', Buffer.from([5, 1, 2, 5, 3])],
    ['an end before it', Buffer.from([5, 1, 2, 1, 3, 115])],
  ])('credentials with %s', async (_what, bytes) => {
    expect([...Buffer.from(await ask(port, bytes, { end: true }), 'latin1')]).toEqual([5, 2, 1, 1]);
  });

  test('a request sent ahead of the answer about the password is not served', async () => {
    const name = Buffer.from('\x03srt\x07guessed', 'latin1');
    const request = Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, origin.port >> 8, origin.port & 255]);
    const answer = await ask(port, Buffer.concat([Buffer.from([5, 1, 2, 1]), name, request]));
    expect([...Buffer.from(answer, 'latin1')]).toEqual([5, 2, 1, 1]);
    expect(events).toEqual([]);
  });
});

test('bytes one at a time are read as whole ones', async () => {
  const socket = await client(port);
  const text = `GET ${target()} HTTP/1.1\r\nhost: x\r\n${OWN}\r\nconnection: close\r\n\r\n`;
  const answer = readAll(socket);
  for (const byte of Buffer.from(text)) {
    if (!socket.write(Buffer.from([byte]))) await once(socket, 'drain');
  }
  expect(status(String(await answer))).toBe('200');
});

/** As the environment of a command on macOS has it. */
function environment(credentials: string) {
  const { PATH = '' } = process.env;
  const authority = `${credentials}@127.0.0.1:${port}`;
  return { PATH, http_proxy: `http://${authority}`, all_proxy: `socks5h://${authority}` };
}

const PYTHON =
  'import sys, urllib.request as u\n' +
  'try: print(u.urlopen(sys.argv[1]).read().decode())\n' +
  'except Exception as e: print(e)';

/** Programs as they are, with what they say when the token is not admitted. */
const CLIENTS: [string, (url: string) => string[], RegExp][] = [
  ['curl', (url) => ['curl', '-s', '-w', '%{http_code}', url], /407/],
  ['wget', (url) => ['sh', '-c', 'wget -O - "$0" 2>&1', url], /407/],
  ['Python', (url) => ['python3', '-c', PYTHON, url], /407/],
];

test.each(CLIENTS)('%s takes the token from its variables', async (_name, argv, refused) => {
  const right = await run(argv(target()), { env: environment(`srt:${TOKEN}`) });
  expect(right.stdout).toMatch(/GET \//);
  const wrong = await run(argv(target()), { env: environment('srt:guessed') });
  expect(wrong.stdout).toMatch(refused);
  expect(origin.seen).toHaveLength(1);
});

test('curl takes it for SOCKS too', async () => {
  const env = { ...environment(`srt:${TOKEN}`), http_proxy: '' };
  expect((await run(['curl', '-s', target()], { env })).stdout).toBe('GET /');
  const wrong = { ...environment('srt:guessed'), http_proxy: '' };
  expect((await run(['curl', '-s', target()], { env: wrong })).code).toBe(97);
});

test('git, which asks without it first, comes again with it', async () => {
  const argv = ['git', 'ls-remote', `${target()}repository`];
  await run(argv, { env: { ...environment(`srt:${TOKEN}`), GIT_TERMINAL_PROMPT: '0' } });
  expect(origin.seen[0]?.request.url).toMatch(/^\/repository\/info\/refs/);
});
