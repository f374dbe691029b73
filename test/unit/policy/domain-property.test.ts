/* What must hold for whatever rules and hosts: random ones, from a seed that is printed with a
 * failure. */
import { matchesDomain } from '../../../src/policy/domain-match.ts';
import {
  type DomainRule,
  formatDomainPattern,
  parseDomainPattern,
} from '../../../src/policy/domain-rule.ts';
import { parseHost } from '../../../src/policy/host-name.ts';
import {
  decideDestination,
  decideName,
  judgeAddresses,
} from '../../../src/policy/network-decision.ts';
import { domainRule } from '../rules.ts';

const SEED = Number(process.env.SRT_SEED ?? 20_251);

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const random = randomFrom(SEED);
const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
const repeat = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const LISTS = ['allowedDomains', 'deniedDomains', 'deniedResolvedAddresses'] as const;
const HOSTS = [
  ...['example.com', 'a.example.com', 'b.a.example.com', 'xexample.com', 'other.test', 'localhost'],
  ...['127.0.0.1', '10.0.0.1', '192.0.2.7', '93.184.216.34', '169.254.169.254', '0x7f.1'],
  ...['::1', '2001:db8::7', '2606:4700::1', 'fd12::1', '64:ff9b::7f00:1', '::ffff:10.0.0.1'],
];
const PORTS = [1, 79, 80, 443, 8000, 8050, 8101, 65535];
const ENTRIES = [
  ...['example.com', '*.example.com', '*.a.example.com', 'other.test', 'localhost', '*'],
  ...[
    '127.0.0.1',
    '127.0.0.0/8',
    '10.0.0.0/8',
    '192.0.2.0/24',
    '0.0.0.0/0',
    '::/0',
    '2001:db8::/32',
  ],
  ...[
    '93.184.216.34',
    '[::1]',
    '169.254.0.0/16',
    'fc00::/7',
    '64:ff9b::/96',
    '10.0.0.1',
    '0.0.0.0/1',
  ],
];
const PORT_LISTS = ['', '', ':80', ':443', ':80,8000-8100', ':1-65535'];

function randomRule(list: 'allowedDomains' | 'deniedDomains'): DomainRule {
  const entry = pick(ENTRIES);
  /* An IPv6 address without brackets has no room for a port. */
  const ports = /^[^[/]*:/.test(entry) ? '' : pick(PORT_LISTS);
  return domainRule(list, entry + ports);
}

const randomRules = () => [
  ...repeat(random(5), () => randomRule('allowedDomains')),
  ...repeat(random(3), () => randomRule('deniedDomains')),
];

const PIECES = [
  ...['example', 'com', '.', '.', ':', ':', '/', '*', '*.', '@', '@public', '[', ']', '-', ','],
  ...['::', '1', '0', '24', '443', '65536', '0x7f', '192.0.2.1', '2001:db8::', 'ü', '\0', ' ', '%'],
];

test('the parser never throws, and reads what it prints as the same', () => {
  let parsed = 0;
  for (let at = 0; at < 10_000; at++) {
    const typed = repeat(random(6), () => pick(PIECES)).join('');
    const list = pick(LISTS);
    const pattern = parseDomainPattern(typed, list);
    if ('problem' in pattern) continue;
    parsed++;
    const printed = formatDomainPattern(pattern);
    expect([SEED, typed, parseDomainPattern(printed, list)]).toEqual([SEED, typed, pattern]);
  }
  expect(parsed).toBeGreaterThan(300);
});

test('what is decided is what the rules say one by one', () => {
  for (let at = 0; at < 2000; at++) {
    const rules = randomRules();
    const [spelling, port] = [pick(HOSTS), pick(PORTS)];
    const host = parseHost(spelling);
    if (!host) throw new Error(spelling);
    const matching = (list: string) =>
      rules.some((rule) => rule.list === list && matchesDomain(rule, host, port));
    const allowed = matching('allowedDomains') && !matching('deniedDomains');
    const typed = rules.map(({ list, source }) => `${list} ${source.typed}`);
    const seen = decideDestination(rules, spelling, port).allowed;
    expect([SEED, typed, spelling, port, seen]).toEqual([SEED, typed, spelling, port, allowed]);
  }
});

test('a further deny never allows more, and a further allow never less', () => {
  const ADDRESSES = HOSTS.filter((host) => parseHost(host)?.kind !== 'name');
  for (let at = 0; at < 2000; at++) {
    const rules = randomRules();
    const [spelling, port] = [pick(HOSTS), pick(PORTS)];
    const dialled = (given: readonly DomainRule[]) => {
      const decision = decideDestination(given, spelling, port);
      return decision.allowed ? judgeAddresses(given, decision, ADDRESSES, ['192.0.2.7']) : [];
    };
    const before = dialled(rules);
    const fewer = dialled([...rules, randomRule('deniedDomains')]);
    const more = dialled([...rules, randomRule('allowedDomains')]);
    const resolved = dialled([...rules, domainRule('deniedResolvedAddresses', '10.0.0.0/8')]);
    expect([SEED, at, fewer.filter((one) => !before.includes(one))]).toEqual([SEED, at, []]);
    expect([SEED, at, before.filter((one) => !more.includes(one))]).toEqual([SEED, at, []]);
    expect([SEED, at, resolved.filter((one) => !before.includes(one))]).toEqual([SEED, at, []]);
  }
});

test('a name may be resolved exactly when some port of it is allowed', () => {
  for (let at = 0; at < 300; at++) {
    const rules = randomRules();
    const name = pick(HOSTS.slice(0, 6));
    /* Every port at which a rule begins or ends, and its neighbours. */
    const ports = [1, 2, 79, 80, 81, 442, 443, 444, 7999, 8000, 8100, 8101, 65534, 65535];
    const some = ports.some((port) => decideDestination(rules, name, port).allowed);
    const typed = rules.map(({ list, source }) => `${list} ${source.typed}`);
    expect([typed, name, decideName(rules, name).allowed]).toEqual([typed, name, some]);
  }
});
