/* Threat: a program writes what it has read into a name and has somebody ask for it: every resolver
 * on the way, and the name server of whoever owns the domain, gets to know it (CVE-2025-55284).
 * While the sandbox asks in every way for a name that no rule allows, a capture on the host must not
 * see it, on any interface. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dnsServer } from '../scenarios/dns-server.ts';
import { type Captured, canCapture, capture } from '../support/capture.ts';
import { requires } from '../support/requires.ts';
import { httpServer } from '../support/servers.ts';
import { type Scratch, scratch, srt } from '../support/srt.ts';
import { ASK_BY_NODE, ASK_BY_PYTHON } from './support/ask-for-names.ts';

const LABEL = `x${randomBytes(10).toString('hex')}`;
const NAMES = [`${LABEL}.example.com`, `${LABEL}.test`, `${LABEL}.local`, LABEL];

const ipv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
const only = (addresses: readonly string[]) =>
  addresses.filter((address) => ipv6 || !address.includes(':'));
/** Those of the host too, where they are not on its loopback: that is another one inside. */
const own = getServers().filter((address) => !/^127\.|^::1$|[[%]/.test(address));
const RESOLVERS = only([...own, '198.51.100.53', '203.0.113.53', '2001:db8::53']);
/* [address, port]: mDNS and LLMNR (RFC 6762, RFC 4795), and everybody. */
const EVERYBODY: [string, number][] = [
  ['224.0.0.251', 5353],
  ['224.0.0.252', 5355],
  ['255.255.255.255', 53],
  ...(ipv6
    ? ([
        ['ff02::fb', 5353],
        ['ff02::1:3', 5355],
      ] as [string, number][])
    : []),
];

/** What each way has to say, by its name. */
const EXPECTED: Record<string, string> = Object.fromEntries([
  ...NAMES.flatMap((name) => [
    [`getaddrinfo ${name}`, 'EAI_AGAIN'],
    [`gethostbyname ${name}`, 'EAI_AGAIN'],
    [`lookup ${name}`, 'EAI_AGAIN'],
    [`c-ares ${name}`, 'EREFUSED'],
    [`getent hosts ${name}`, '2'],
    [`getent ahosts ${name}`, '2'],
    [`udp 127.0.0.1 ${name}`, 'REFUSED'],
    [`tcp 127.0.0.1 ${name}`, 'REFUSED'],
    [`http proxy ${name}`, '403'],
    [`socks proxy ${name}`, 'not allowed'],
    ...RESOLVERS.flatMap((address) => [
      [`udp ${address} ${name}`, 'ENETUNREACH'],
      [`tcp ${address} ${name}`, 'EACCES'],
      /* Nothing mediates it, and so there is no way to anybody. */
      [`fast open ${address} ${name}`, 'ENETUNREACH'],
      [`c-ares at ${address} ${name}`, 'ECONNREFUSED'],
    ]),
    ...EVERYBODY.map(([address]) => [`udp ${address} ${name}`, 'ENETUNREACH']),
    /* It goes around on the sandbox's own loopback. */
    [`multicast on loopback ${name}`, 'sent'],
    [`ping ${name}`, 'EACCES'],
    [`raw ping ${name}`, 'EPERM'],
    [`packet ${name}`, 'EAFNOSUPPORT'],
  ]),
]);

const machine = requires('root, to capture packets', canCapture);

describe('a name that no rule allows', () => {
  let dir: Scratch;
  let inside: Captured;
  let outside: Captured;
  let said: Record<string, string>;
  jest.setTimeout(90_000);

  beforeAll(async () => {
    if (!canCapture) return;
    dir = scratch();
    const settings = dir.settings({ network: { allowedDomains: ['allowed.test'] } });
    const input = JSON.stringify({ names: NAMES, resolvers: RESOLVERS, everybody: EVERYBODY });
    const python = dir.file('ask.py', ASK_BY_PYTHON);
    const node = dir.file('ask.cjs', ASK_BY_NODE);
    const script = '/usr/bin/python3 "$0" "$2" && exec "$3" "$1" "$2"';
    inside = await capture(LABEL, async () => {
      const words = ['sh', '-c', script, python, node, input, process.execPath];
      const { stdout, stderr } = await srt(['-s', settings, '--', ...words], { timeout: 60_000 });
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      said = Object.assign({ stderr }, ...lines.map((line) => JSON.parse(line)));
    });
    outside = await capture(LABEL, sendOutside);
  });
  afterAll(() => dir?.remove());

  machine('each way is refused with an error of its own', () => {
    const { stderr, ...ways } = said;
    expect({ ways, stderr }).toMatchObject({ ways: EXPECTED });
    expect(Object.keys(ways).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  machine('the host has sent no packet with it, on any interface', () => {
    expect(inside).toEqual({ seen: 0, dropped: 0 });
  });

  machine('a datagram, a question and a request from outside are seen: the control', () => {
    expect(outside.seen).toBeGreaterThanOrEqual(3);
  });
});

/** To servers on loopback. */
async function sendOutside(): Promise<void> {
  const names = await dnsServer();
  const http = await httpServer('named');
  const socket = createSocket('udp4');
  const heard = new Promise((resolve) => socket.on('message', resolve));
  socket.send(LABEL, names.port, '127.0.0.1');
  const question = Buffer.concat([
    Buffer.from('123401000001000000000000', 'hex'),
    Buffer.of(LABEL.length),
    Buffer.from(`${LABEL.toUpperCase()}\x04test\0\0\x01\0\x01`, 'latin1'),
  ]);
  socket.send(question, names.port, '127.0.0.1');
  await heard;
  await new Promise((resolve) => {
    const asking = connect(http.port, '127.0.0.1', () =>
      asking.end(`GET /${LABEL} HTTP/1.0\r\n\r\n`),
    );
    asking.resume().on('close', resolve);
  });
  socket.close();
  await names.close();
  await http.close();
}
