/* What connect(2) gives to programs that know nothing of proxies, call by call, beside what the
 * same program gets outside. */
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { runInside } from '../support/network-sandbox.ts';
import { requires } from '../support/requires.ts';
import { type CountingServer, streamServer } from '../support/servers.ts';
import { ROOT, run } from '../support/srt.ts';

const DIAL = buildC(join(ROOT, 'test', 'support', 'dial.c'), 'cc', ['-static', '-pthread']);

const addresses = Object.values(networkInterfaces())
  .flatMap((found) => found ?? [])
  .filter(({ internal, scopeid }) => !internal && !scopeid);
/* Loopback inside is the sandbox's own, so the host is reached by its other address. */
const v4 = addresses.find(({ family }) => family === 'IPv4')?.address;
const v6 = addresses.find(({ family }) => family === 'IPv6')?.address;
const mapped = `::ffff:${v4}`;

const ALLOWED = [
  ...['blocking', 'nonblocking', 'thread', 'vfork', 'fork', 'bound', 'alarm', 'unspec'],
  'deferred',
];
/* [how, errno]: what the kernel says to a call that is none, or none any more. */
const ODD = [
  ['twice', 'EISCONN'],
  ['fault', 'EFAULT'],
  ['short', 'EINVAL'],
  ['closed', 'EBADF'],
] as const;
const UNLISTED = '192.0.2.77';

let server: CountingServer;
let server6: CountingServer | undefined;
let closedPort = 0;
const inside = new Map<string, string>();
const outside = new Map<string, string>();

type Call = [how: string, family: string, address: string, port: number];
const key = (call: Call) => call.join(' ');
const calls: Call[] = [];

const machine = requires('a C compiler and an IPv4 address beside loopback', !!DIAL && !!v4);
const machine6 = requires('an IPv6 address beside loopback', !!DIAL && !!v6);

beforeAll(async () => {
  if (!DIAL || !v4) return;
  server = await streamServer({ address: v4 });
  if (v6) server6 = await streamServer({ address: v6 });
  const gone = await streamServer({ address: v4 });
  closedPort = gone.port;
  await gone.close();
  for (const how of [...ALLOWED, ...ODD.map(([name]) => name)]) {
    calls.push([how, '4', v4, server.port]);
    calls.push([how, '6', mapped, server.port]);
    if (v6 && server6) calls.push([how, '6', v6, server6.port], [how, '6only', v6, server6.port]);
  }
  for (const how of ['blocking', 'nonblocking']) {
    calls.push([how, '4', v4, closedPort], [how, '4', '127.0.0.1', closedPort]);
    calls.push([how, '4', UNLISTED, 80], [how, '6', '2001:db8::77', 80]);
    calls.push([how, '6', `::ffff:${UNLISTED}`, 80]);
  }
  calls.push(['datagram', '4', v4, server.port]);
  const argv = [DIAL, ...calls.flatMap((call) => call.map(String))];
  const allowed = [v4, ...(v6 ? [`[${v6}]`] : [])];
  const ran = await runInside({ network: { allowedDomains: allowed } }, argv);
  fill(inside, ran.stdout);
  /* Nobody dials the unlisted addresses outside. */
  const own = calls.filter(([, , address]) => !/\.77$|db8/.test(address));
  fill(outside, (await run([DIAL, ...own.flatMap((call) => call.map(String))])).stdout, own);
});
afterAll(async () => {
  await server?.close();
  await server6?.close();
});

function fill(into: Map<string, string>, stdout: string, of = calls): void {
  const lines = stdout.split('\n');
  for (const [index, call] of of.entries()) into.set(key(call), lines[index] ?? '(nothing)');
}

function both(call: Call): { inside: string | undefined; outside: string | undefined } {
  return { inside: inside.get(key(call)), outside: outside.get(key(call)) };
}

const WAYS: [string, () => [string, string, number]][] = [
  ['IPv4', () => ['4', v4 ?? '', server.port]],
  ['IPv4 in an IPv6 socket', () => ['6', mapped, server.port]],
];
const WAYS6: [string, () => [string, string, number]][] = [
  ['IPv6', () => ['6', v6 ?? '', server6?.port ?? 0]],
  ['IPv6 alone', () => ['6only', v6 ?? '', server6?.port ?? 0]],
];

for (const [test_, ways] of [
  [machine, WAYS],
  [machine6, WAYS6],
] as const) {
  for (const [name, way] of ways) {
    describe(`an allowed address by ${name}`, () => {
      test_.each(ALLOWED)('%s', (how: string) => {
        expect(both([how, ...way()])).toEqual({ inside: 'ok reached', outside: 'ok reached' });
      });
      test_.each(ODD)('%s', (how: string, errno: string) => {
        expect(both([how, ...way()])).toEqual({ inside: errno, outside: errno });
      });
    });
  }
}

describe('what cannot be reached', () => {
  machine.each(['blocking', 'nonblocking'])(
    'an allowed port that nobody listens on, %s, is refused as it is outside',
    (how: string) => {
      expect(both([how, '4', v4 ?? '', closedPort])).toEqual({
        inside: 'ECONNREFUSED',
        outside: 'ECONNREFUSED',
      });
    },
  );

  machine.each(['blocking', 'nonblocking'])(
    'loopback, %s, is the own one of the sandbox',
    (how: string) => {
      expect(inside.get(key([how, '4', '127.0.0.1', closedPort]))).toBe('ECONNREFUSED');
    },
  );

  machine.each([
    ['blocking', '4', UNLISTED],
    ['nonblocking', '4', UNLISTED],
    ['blocking', '6', '2001:db8::77'],
    ['nonblocking', '6', '2001:db8::77'],
    ['blocking', '6', `::ffff:${UNLISTED}`],
    ['nonblocking', '6', `::ffff:${UNLISTED}`],
  ])('an unlisted address, %s by %s, is EACCES at once', (how, family, address) => {
    expect(inside.get(key([how, family, address, 80]))).toBe('EACCES');
  });

  machine('no datagram leaves, to an allowed host either', () => {
    expect(both(['datagram', '4', v4 ?? '', server.port])).toEqual({
      inside: 'ENETUNREACH',
      outside: 'ok ',
    });
  });
});

machine('what is refused is reported with the process that asked', async () => {
  if (!DIAL) return;
  const argv = [DIAL, 'blocking', '4', UNLISTED, '8080'];
  const { events } = await runInside({ network: {} }, argv);
  expect(events.filter(({ type }) => type === 'refused')).toEqual([
    {
      ...{ type: 'refused', protocol: 'transparent', host: UNLISTED, port: 8080 },
      ...{ reason: 'not-allowed', rule: null },
      process: { pid: expect.any(Number), command: 'dial' },
    },
  ]);
});

machine('an allowed host that resets every connection is no trouble to srt', async () => {
  if (!DIAL || !v4) return;
  const rude = createServer((socket) => socket.resetAndDestroy());
  await new Promise<void>((resolve) => rude.listen(0, v4, resolve));
  const { port } = rude.address() as AddressInfo;
  const ways = ['blocking', 'nonblocking'].flatMap((how) => [how, '4', v4, String(port)]);
  const argv = [DIAL, ...Array.from({ length: 20 }, () => ways).flat()];
  const { code, stdout } = await runInside({ network: { allowedDomains: [v4] } }, argv);
  const outside = await run(argv);
  rude.close();
  const seen = (text: string) => [...new Set(text.trim().split('\n'))];
  expect({ code, seen: seen(stdout) }).toEqual({ code: 0, seen: ['ECONNRESET'] });
  expect(seen(outside.stdout)).toEqual(['ECONNRESET']);
});

machine('without transparency nothing but loopback is there', async () => {
  if (!DIAL || !v4) return;
  const network = { allowedDomains: [v4], transparent: false };
  const argv = [DIAL, 'blocking', '4', v4, String(server.port)];
  expect((await runInside({ network }, argv)).stdout).toBe('ENETUNREACH\n');
});

describe('a name asked for one family alone, by programs that look at the interfaces first', () => {
  const LOOKUP = `
    const dns = require('node:dns');
    const ask = (family) => new Promise((resolve) =>
      dns.lookup('named.test', { family, hints: dns.ADDRCONFIG }, (e, a) => resolve(e?.code ?? a)));
    Promise.all([ask(4), ask(6)]).then((all) => console.log(all.join(' ')));`;

  test('is found', async () => {
    const network = { allowedDomains: ['named.test'] };
    const names = { 'named.test': ['192.0.2.1'] };
    const { stdout } = await runInside({ network, names }, [process.execPath, '-e', LOOKUP]);
    /* On a host without IPv6 there is none inside. */
    expect(stdout).toMatch(/^198\.18\.0\.2 (fd73:7274::2|E[A-Z]+)\n$/);
  });
});
