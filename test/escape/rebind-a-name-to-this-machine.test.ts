/* Threat: an allowed name is made to resolve to an address of this machine, its link or a cloud's
 * metadata service, or to change between check and use (DNS rebinding). Each name is resolved once,
 * its addresses are judged, and a judged address is dialled. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createDestinations } from '../../src/network/destination.ts';
import { parseDomainPattern } from '../../src/policy/domain-rule.ts';
import {
  decideDestination,
  judgeAddresses,
  type Permission,
} from '../../src/policy/network-decision.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { requires } from '../support/requires.ts';
import { type HttpServer, httpServer } from '../support/servers.ts';
import { scratch } from '../support/srt.ts';
import { BLOCKED, connectTo, converse, socksName, verdict } from './support/gate-client.ts';

function policyFor(allowed: readonly string[]): Policy {
  const list = 'allowedDomains';
  const domains = allowed.map((typed) => {
    const pattern = parseDomainPattern(typed, list);
    if ('problem' in pattern) throw new Error(`${typed} ${pattern.problem}`);
    return { list, ...pattern, source: { setting: list, typed, where: null } } as const;
  });
  const nothing = { paths: [], patterns: [], protectedNames: [], homes: [], forwards: [] };
  return { ...nothing, domains, transparent: true, settingsFile: 'test' };
}

const PORT = 80;

function permit(policy: Policy, port: number): Permission {
  const decision = decideDestination(policy.domains, 'rebound.test', port);
  if (!decision.allowed) throw new Error('the name itself must be allowed');
  return decision;
}

/** What is left of the addresses that the allowed name resolved to. */
function judge(allowed: readonly string[], addresses: readonly string[]): string[] {
  const policy = policyFor(allowed);
  return judgeAddresses(policy.domains, permit(policy, PORT), addresses);
}

/** Dials a name that resolves to the given addresses, in turn for each time it is resolved. */
async function dial(allowed: readonly string[], answers: readonly string[][], port: number) {
  let asked = 0;
  const resolve = async () => answers[Math.min(asked++, answers.length - 1)] ?? [];
  const policy = policyFor(allowed);
  const destinations = createDestinations(policy, () => {}, resolve);
  const dialled = await destinations.dial('connect', permit(policy, port));
  const address = dialled.outcome === 'connected' ? dialled.socket.remoteAddress : null;
  if (dialled.outcome === 'connected') dialled.socket.destroy();
  const reason = dialled.outcome === 'refused' ? dialled.refusal.reason : null;
  return { outcome: dialled.outcome, reason, address, asked };
}

/** Where a service of this machine is reached that listens on every address. */
const own = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal }) => !internal)
  .map(({ address }) => address);

let server: HttpServer;
beforeAll(async () => {
  server = await httpServer('server');
});
afterAll(() => server.close());

describe('an allowed name that resolves to', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.8.8.8', 'loopback'],
    ['0.0.0.0', 'this machine'],
    ['::1', 'loopback'],
    ['::', 'this machine'],
    ['::ffff:127.0.0.1', 'loopback in IPv6'],
    ['::127.0.0.1', 'loopback in IPv6'],
    ['64:ff9b::7f00:1', 'loopback in NAT64'],
    ['64:ff9b:1::7f00:1', 'loopback in local NAT64'],
    ['::ffff:0:7f00:1', 'loopback translated'],
    ['2002:7f00:1::', 'loopback in 6to4'],
    ['2001::80ff:fffe', 'loopback in Teredo'],
    ['169.254.169.254', 'metadata of most clouds'],
    ['::ffff:169.254.169.254', 'the same in IPv6'],
    ['100.100.100.200', 'metadata of Alibaba'],
    ['168.63.129.16', 'the wire server of Azure'],
    ['192.0.0.192', 'metadata of Oracle'],
    ['fd00:ec2::254', 'metadata of AWS'],
    ['fd00:ec2::23', 'pod identity of AWS'],
    ['fd20:ce::254', 'metadata of Google'],
    ['fd00:42::42', 'metadata of Scaleway'],
    ['fd00:c1::a9fe:a9fe', 'metadata of Oracle'],
    ['fd00:a9fe:a9fe::1', 'metadata of Linode'],
    ['fe80::1', 'the link'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['not an address', 'nothing'],
  ])('%s (%s) is not led there', (address) => {
    /* The other address is the control: not everything is dropped. */
    expect(judge(['rebound.test'], [address, '203.0.113.9'])).toEqual(['203.0.113.9']);
  });

  requires('an address beside loopback', own.length > 0).each(own)(
    '%s, an address of this machine, is not led there',
    async (address: string) => {
      const dialled = await dial(['rebound.test'], [[address]], server.port);
      expect(dialled).toMatchObject({ outcome: 'refused', reason: 'local-address' });
    },
  );

  test.each([
    ['10.0.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['fd12::1', 'private'],
    ['192.0.2.1', 'for documentation'],
    ['127.0.0.1', 'loopback'],
  ])('%s (%s) is not led there by a rule for every host', (address) => {
    const found = [address, '93.184.216.34'];
    expect(judge(['*'], found)).toEqual(['93.184.216.34']);
    expect(judge(['@public:80'], found)).toEqual(['93.184.216.34']);
    expect(judge(['*', address], found)).toEqual(found);
  });

  test('loopback is not dialled', async () => {
    expect(await dial(['rebound.test'], [['127.0.0.1']], server.port)).toEqual({
      outcome: 'refused',
      reason: 'local-address',
      address: null,
      asked: 1,
    });
  });

  test('nothing is not dialled', async () => {
    expect(await dial(['rebound.test'], [[]], server.port)).toMatchObject({
      outcome: 'unreachable',
    });
  });

  test('an address that is allowed itself is dialled: the control', async () => {
    const allowed = ['rebound.test', '127.0.0.1'];
    expect(await dial(allowed, [['127.0.0.1']], server.port)).toEqual({
      outcome: 'connected',
      reason: null,
      address: '127.0.0.1',
      asked: 1,
    });
  });

  /* The gate asks a resolver that answers otherwise each time: every connection is judged by the
   * answer that it is dialled with. */
  test('what was right once is judged again for the next connection', async () => {
    let asked = 0;
    const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1', '127.0.0.2'], ['169.254.169.254']];
    const policy = policyFor(['rebound.test', '127.0.0.1']);
    const destinations = createDestinations(
      policy,
      () => {},
      async () => answers[asked++] ?? [],
    );
    const seen: unknown[] = [];
    for (const _ of answers) {
      const dialled = await destinations.dial('connect', permit(policy, server.port));
      if (dialled.outcome === 'connected') {
        seen.push([asked, dialled.socket.remoteAddress]);
        dialled.socket.destroy();
      } else seen.push([asked, dialled.outcome]);
    }
    expect(seen).toEqual([
      [1, '127.0.0.1'],
      [2, 'refused'],
      [3, '127.0.0.1'],
      [4, 'refused'],
    ]);
  });

  test('one address and then another is resolved once', async () => {
    const allowed = ['rebound.test', '127.0.0.1'];
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    expect(await dial(allowed, answers, server.port)).toMatchObject({
      address: '127.0.0.1',
      asked: 1,
    });
  });

  test('a refused and an allowed address is dialled at the allowed one alone', async () => {
    const allowed = ['rebound.test', '127.0.0.1'];
    const answers = [['169.254.169.254', '127.0.0.2', '127.0.0.1']];
    expect(await dial(allowed, answers, server.port)).toMatchObject({
      outcome: 'connected',
      address: '127.0.0.1',
    });
  });
});

/** A name other than localhost that this machine's own table has for loopback. */
const name = readFileSync('/etc/hosts', 'utf8')
  .split('\n')
  .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
  .filter(([address]) => address?.startsWith('127.'))
  .flatMap(([, ...names]) => names)
  .find((text) => /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(text) && !/localhost|localdomain/.test(text));

requires('a name for loopback in /etc/hosts', name !== undefined)(
  'from inside, a name in /etc/hosts does not lead to loopback',
  async () => {
    const dir = scratch();
    const refused = ['-s', dir.settings({ network: { allowedDomains: [name] } })];
    const opened = ['-s', dir.settings({ network: { allowedDomains: [name, '127.0.0.1'] } })];
    const talks = [connectTo(`${name}:${server.port}`), socksName(name ?? '', server.port)];
    expect((await converse(talks, refused)).map(verdict)).toEqual([BLOCKED, 'socks 2']);
    expect(server.requests).toEqual([]);
    expect((await converse(talks, opened)).map(verdict)).toEqual([
      'reached server',
      'reached server',
    ]);
    dir.remove();
  },
);
