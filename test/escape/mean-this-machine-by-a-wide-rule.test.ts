/* Threat: a rule that is wide on purpose (every host, a block of addresses) is taken to mean this
 * machine, its link or a cloud's metadata as well. What is not public needs a rule of its own, and a
 * deny of a block holds for every way to write one of its addresses. */
import { type HttpServer, httpServer } from '../support/servers.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import {
  BLOCKED,
  type Conversation,
  connectTo,
  converse,
  getFrom,
  SOCKS_BLOCKED,
  socksAddress,
  socksName,
  verdict,
} from './support/gate-client.ts';

let dir: Scratch;
let server: HttpServer;
beforeAll(async () => {
  dir = scratch();
  server = await httpServer('server');
});
afterAll(async () => {
  await server.close();
  dir.remove();
});

const ask = async (network: unknown, talks: readonly Conversation[]) =>
  (await converse(talks, ['-s', dir.settings({ network })])).map(verdict);

/** Every way to this machine: by address, by spelling, and by a name that leads here. */
const waysHere = (port: number) => [
  connectTo(`127.0.0.1:${port}`),
  connectTo(`0x7f000001:${port}`),
  connectTo(`[::ffff:127.0.0.1]:${port}`),
  connectTo(`localhost:${port}`),
  getFrom(`http://127.1:${port}/`),
  getFrom(`http://localhost:${port}/`),
  socksAddress([127, 0, 0, 1], port),
  socksName('localhost', port),
];
const ALL_BLOCKED = [...Array(6).fill(BLOCKED), ...Array(2).fill(SOCKS_BLOCKED)];
const ALL_REACHED = Array(8).fill('reached server');

describe('this machine', () => {
  test.each([
    ['every host', ['*']],
    ['every host on every port', ['*:1-65535']],
    ['the internet', ['@public']],
    ['every IPv4 address', ['0.0.0.0/0']],
    ['every address and name', ['*', '0.0.0.0/0', '::/0']],
    ['half of IPv4', ['0.0.0.0/1', '*']],
    ['a block around loopback', ['126.0.0.0/7', '*']],
    ['IPv6 that embeds IPv4', ['::/8', '64:ff9b::/96', '*']],
  ])('is not meant by %s', async (_what, allowedDomains) => {
    const before = server.requests.length;
    expect(await ask({ allowedDomains }, waysHere(server.port))).toEqual(ALL_BLOCKED);
    expect(server.requests).toHaveLength(before);
  });

  test.each([
    ['its block beside every host', ['*', '127.0.0.0/8']],
    ['its address and its name', ['*', '127.0.0.1', 'localhost']],
  ])('is meant by %s: the control', async (_what, allowedDomains) => {
    expect(await ask({ allowedDomains }, waysHere(server.port))).toEqual(ALL_REACHED);
  });
});

describe('a deny', () => {
  const reachable = ['localhost', '127.0.0.0/8'];
  test.each([
    ['of a block', ['127.0.0.0/8']],
    ['of all IPv4 addresses', ['0.0.0.0/0']],
    ['of a block of one', ['127.0.0.1/32']],
    ['with a reason', [{ host: '127.0.0.0/30', reason: 'no' }]],
    ['of every host', ['*']],
  ])('%s covers each spelling, and names that lead there', async (_what, deniedDomains) => {
    const network = { allowedDomains: reachable, deniedDomains };
    expect(await ask(network, waysHere(server.port))).toEqual(ALL_BLOCKED);
  });

  test('of a range of ports covers those', async () => {
    const { port } = server;
    const network = { allowedDomains: reachable, deniedDomains: [`*:${port - 1}-${port + 1}`] };
    expect(await ask(network, waysHere(port))).toEqual(ALL_BLOCKED);
  });

  test('of the ports around leaves this one: the control', async () => {
    const { port } = server;
    const deniedDomains = [`*:1-${port - 1},${port + 1}-65535`, '128.0.0.0/1'];
    expect(await ask({ allowedDomains: reachable, deniedDomains }, waysHere(port))).toEqual(
      ALL_REACHED,
    );
  });

  test('of resolved addresses is about names, whatever else is allowed', async () => {
    const network = { allowedDomains: reachable, deniedResolvedAddresses: ['127.0.0.0/8', '::1'] };
    const byName = [connectTo, (to: string) => getFrom(`http://${to}/`)];
    const talks = byName.map((talk) => talk(`localhost:${server.port}`));
    expect(await ask(network, talks)).toEqual([BLOCKED, BLOCKED]);
    expect(await ask({ allowedDomains: reachable }, talks)).toEqual(
      Array(2).fill('reached server'),
    );
  });
});

test('the reason of a deny is in the answer, on one line, and nothing else is', async () => {
  const reason = 'use the mirror\r\nx-injected: 1\r\n\r\nHTTP/1.1 200 OK';
  const settings = dir.settings({ network: { deniedDomains: [{ host: '*.test', reason }] } });
  const talks = [connectTo('a.test:443'), getFrom('http://a.test/'), connectTo('a.example:443')];
  const [tunnel = '', plain = '', other = ''] = await converse(talks, ['-s', settings]);
  for (const answer of [tunnel, plain]) {
    const [head, body] = answer.split('\r\n\r\n');
    expect(head).not.toMatch(/injected/);
    expect(body).toMatch(/\nReason: use the mirror x-injected: 1 HTTP\/1\.1 200 OK\n$/);
    expect(verdict(answer)).toBe(BLOCKED);
  }
  expect(other).not.toContain('Reason:');
});
