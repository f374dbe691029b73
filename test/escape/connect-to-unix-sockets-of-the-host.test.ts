/* Threat: docker.sock, D-Bus, systemd, ssh-agent: a socket with a path reaches a process of the
 * host through a read-only mount, and "systemd-run --user" is then code outside. */
import { linkSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { requires } from '../support/requires.ts';
import { type CountingServer, countedAt, streamServer } from '../support/servers.ts';
import { type Scratch, scratch, srt } from '../support/srt.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutside } from '../support/try-syscall.ts';
import { evaluate } from './support/node-script.ts';

/* Each path is connected to in the working directory; O_PATH opens a socket for /proc/self/fd. */
const CONNECT = `
const { constants, openSync } = require('node:fs');
const connect = (path) => new Promise((resolve) => {
  const at = path.replace(/^fd:(.*)/, (_all, of) =>
    '/proc/self/fd/' + openSync(of, constants.O_RDONLY | 0o10000000));
  const socket = require('node:net').connect(at);
  socket.on('connect', () => { resolve('ok'); socket.destroy(); });
  socket.on('error', (error) => resolve(error.code));
});
Promise.all(input.map(connect)).then(print);
`;

let dir: Scratch;
let places: string[] = [];
const servers: CountingServer[] = [];
let stale: Server;
const abstract = `\0srt-test-${process.pid}`;

beforeAll(async () => {
  dir = scratch();
  dir.folder('work');
  dir.folder('folder/below');
  dir.folder('folder-2');
  symlinkSync('../socket', `${dir.path}/work/link`);
  symlinkSync('..', `${dir.path}/work/above`);
  places = ['socket', 'work/own', 'folder/below/socket', 'folder-2/socket'];
  places = [...places.map((name) => `${dir.path}/${name}`), abstract];
  for (const path of places) servers.push(await streamServer({ path }));
  linkSync(`${dir.path}/work/own`, `${dir.path}/work/second`);
  /* What is there but bound to nothing: the second name stays when the server is gone. */
  stale = createServer().listen(`${dir.path}/work/first`);
  await new Promise((resolve) => stale.once('listening', resolve));
  linkSync(`${dir.path}/work/first`, `${dir.path}/work/stale`);
  await new Promise((resolve) => stale.close(resolve));
});
afterAll(async () => {
  for (const server of servers) await server.close();
  dir.remove();
});

async function reached(): Promise<number> {
  const counts = places.map((path, at) => countedAt(path, servers[at] as CountingServer));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/* Each count has one more from whoever counts. */
const SPELLINGS = (): string[] => [
  `${dir.path}/socket`,
  '../socket',
  'link',
  'above/socket',
  `/proc/self/root${dir.path}/socket`,
  '/proc/self/cwd/../socket',
  '/proc/thread-self/cwd/link',
  'fd:../socket',
  'own',
  'second',
  '../folder/below/socket',
];

async function inside(paths: readonly string[], network: object = {}): Promise<string[]> {
  const settings = dir.settings({ filesystem: { allowWrite: [`${dir.path}/work`] }, network });
  return evaluate(CONNECT, paths, { srt: ['-s', settings], cwd: `${dir.path}/work` });
}
const outside = (paths: readonly string[]) =>
  evaluate<string[]>(CONNECT, paths, { srt: null, cwd: `${dir.path}/work` });

describe('a Unix socket of the host that is not listed', () => {
  test.each([true, false])('is reached by no spelling, transparent: %s', async (transparent) => {
    const before = await reached();
    expect(await inside(SPELLINGS(), { transparent })).toEqual(SPELLINGS().map(() => 'EACCES'));
    const between = await reached();
    expect(between - before).toBe(places.length);
    expect(await outside(SPELLINGS())).toEqual(SPELLINGS().map(() => 'ok'));
    expect((await reached()) - between).toBe(places.length + SPELLINGS().length);
  });

  test('has an abstract name in another network', async () => {
    const before = await reached();
    expect(await inside([abstract])).toEqual(['ECONNREFUSED']);
    expect((await reached()) - before).toBe(places.length);
    expect(await outside([abstract])).toEqual(['ok']);
  });

  test('is told from what leads nowhere, as outside', async () => {
    /* A file of this user: to connect is to write. */
    const file = dir.file('plain');
    const paths = ['stale', 'missing', file, '../socket/', 'link/x', '../socket/x'];
    const errors = ['ECONNREFUSED', 'ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTDIR', 'ENOTDIR'];
    expect(await outside(paths)).toEqual(errors);
    expect(await inside(paths)).toEqual(errors);
  });

  test('is reported as it was asked for and as it is', async () => {
    const settings = dir.settings({ filesystem: { allowWrite: [`${dir.path}/work`] } });
    const script = `require('node:net').connect('link').on('error', () => {})`;
    const { stderr } = await srt(
      ['--debug', '-s', settings, '--', process.execPath, '-e', script],
      {
        cwd: `${dir.path}/work`,
      },
    );
    const place = JSON.stringify(`${dir.path}/socket`);
    expect(stderr).toContain(`denied connect of ${place} as "link" by `);
    expect(stderr).toMatch(/denied connect .* \(\d+\): EACCES/);
  });
});

describe('network.allowUnixSockets', () => {
  test('opens what it names, by every spelling, and nothing else', async () => {
    const paths = SPELLINGS();
    const open = paths.map((path) => (/^(own|second)$|below/.test(path) ? 'EACCES' : 'ok'));
    expect(await inside(paths, { allowUnixSockets: [`${dir.path}/socket`] })).toEqual(open);
  });

  test.each([true, false])('opens what is in a folder, transparent: %s', async (transparent) => {
    const paths = ['../folder/below/socket', '../folder-2/socket', '../socket'];
    const network = { allowUnixSockets: ['../folder'], transparent };
    expect(await inside(paths, network)).toEqual(['ok', 'EACCES', 'EACCES']);
  });

  test('opens what a link leads to', async () => {
    symlinkSync('socket', `${dir.path}/link-outside`);
    const network = { allowUnixSockets: ['../link-outside'] };
    expect(await inside(['../socket', '../link-outside'], network)).toEqual(['ok', 'ok']);
  });

  test('opens what appears later', async () => {
    const settings = dir.settings({ network: { allowUnixSockets: [`${dir.path}/late`] } });
    const wait = `
      process.stdin.once('data', () => {
        const socket = require('node:net').connect(input);
        socket.on('connect', () => { print('ok'); process.exit(); });
        socket.on('error', (error) => { print(error.code); process.exit(); });
      });`;
    const late = await streamServer({ path: `${dir.path}/late` });
    const place = { srt: ['-s', settings], input: 'go\n' };
    expect(await evaluate(wait, `${dir.path}/late`, place)).toBe('ok');
    await late.close();
  });

  test('opens all with allowAllUnixSockets', async () => {
    const network = { allowAllUnixSockets: true };
    expect(await inside(SPELLINGS(), network)).toEqual(SPELLINGS().map(() => 'ok'));
    expect(await inside(SPELLINGS(), { allowAllUnixSockets: false })).not.toContain('ok');
  });

  test('does not follow a link that the command could have made', async () => {
    const settings = dir.settings({
      filesystem: { allowWrite: [`${dir.path}/work`] },
      network: { allowUnixSockets: [`${dir.path}/work/link`] },
    });
    const { code, stderr } = await srt(['-s', settings, 'true']);
    expect(code).toBe(125);
    expect(stderr).toContain('leads through the symbolic link');
  });
});

const compiled = requires('a C compiler', TRY_SYSCALL !== null);

/* A pair is allowed, and its ends are sockets too: they must not lead anywhere else. */
describe('by one end of a pair', () => {
  const [STREAM, DGRAM, SEQPACKET] = [1, 2, 5];
  let tried: Record<string, Outcome>;
  let control: Record<string, Outcome>;
  const call = (type: number) => `pair-connect:${type}:${dir.path}/socket`;
  beforeAll(async () => {
    if (!TRY_SYSCALL) return;
    const calls = [call(STREAM), call(SEQPACKET), call(DGRAM)];
    tried = await tryInside(calls);
    control = await tryOutside(calls);
  });

  /* Outside it was looked up: the server is a stream, and a datagram end may be sent anywhere. */
  compiled.each([
    [STREAM, 'EISCONN'],
    [SEQPACKET, 'EPROTOTYPE'],
    [DGRAM, 'EPROTOTYPE'],
  ])('of type %i it is not reached', (type: number, errno: string) => {
    expect({ inside: tried[call(type)], outside: control[call(type)] }).toEqual({
      inside: 'EACCES',
      outside: errno,
    });
  });
});
