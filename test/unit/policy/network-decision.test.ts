import {
  decideDestination,
  decideName,
  judgeAddresses,
  type Permission,
  refuseAddresses,
} from '../../../src/policy/network-decision.ts';
import { domainRule, domains } from '../rules.ts';

describe('a destination', () => {
  test.each([
    ['nothing is allowed by an empty list', [], 'example.com', 443, 'not-allowed'],
    ['nor by one of denials alone', ['!evil.example'], 'example.com', 443, 'not-allowed'],
    ['an entry allows', ['example.com'], 'example.com', 443, 'allowed'],
    ['in any spelling', ['example.com'], 'EXAMPLE.COM.', 443, 'allowed'],
    ['not its subdomains', ['example.com'], 'www.example.com', 443, 'not-allowed'],
    ['a wildcard allows what is below', ['*.example.com'], 'www.example.com', 443, 'allowed'],
    ['not the base', ['*.example.com'], 'example.com', 443, 'not-allowed'],
    ['deny wins', ['example.com', '!example.com'], 'example.com', 443, 'denied-by-rule'],
    ['in either order', ['!example.com', 'example.com'], 'example.com', 443, 'denied-by-rule'],
    ['over a closer allow', ['!*.com', 'example.com'], 'example.com', 443, 'denied-by-rule'],
    ['and over all with *', ['!*', 'example.com'], 'example.com', 443, 'denied-by-rule'],
    ['on one port', ['!*:25', 'example.com'], 'example.com', 25, 'denied-by-rule'],
    ['and no other', ['!*:25', 'example.com'], 'example.com', 26, 'allowed'],
    ['an entry with a port', ['example.com:443'], 'example.com', 443, 'allowed'],
    ['is for that port', ['example.com:443'], 'example.com', 80, 'not-allowed'],
    ['port 0', ['example.com'], 'example.com', 0, 'malformed-port'],
    ['a port too high', ['example.com'], 'example.com', 65536, 'malformed-port'],
    ['a negative port', ['example.com'], 'example.com', -1, 'malformed-port'],
    ['half a port', ['example.com'], 'example.com', 80.5, 'malformed-port'],
    ['no port', ['example.com'], 'example.com', Number.NaN, 'malformed-port'],
    ['a NUL byte', ['*.example.com'], 'evil.example\0.example.com', 443, 'malformed-host'],
    ['userinfo', ['example.com'], 'example.com@evil.example', 443, 'malformed-host'],
    ['an empty host', ['example.com'], '', 443, 'malformed-host'],
    ['an address', ['192.0.2.1'], '192.0.2.1', 443, 'allowed'],
    ['in any spelling', ['127.0.0.1'], '0x7f.1', 443, 'allowed'],
    ['mapped to IPv6', ['!192.0.2.1'], '::ffff:192.0.2.1', 443, 'denied-by-rule'],
    ['another address', ['192.0.2.1'], '192.0.2.2', 443, 'not-allowed'],
    ['loopback by a name', ['localhost'], '127.0.0.1', 443, 'not-allowed'],
    ['one of several ports', ['example.com:80,8000-8100'], 'example.com', 8042, 'allowed'],
    ['no other', ['example.com:80,8000-8100'], 'example.com', 8101, 'not-allowed'],
    ['a block', ['192.0.2.0/24:5432'], '192.0.2.9', 5432, 'allowed'],
    ['in any spelling', ['192.0.2.0/24'], '0xc0000209', 443, 'allowed'],
    ['no name', ['192.0.2.0/24'], 'example.com', 443, 'not-allowed'],
    ['a block less one', ['192.0.2.0/24', '!192.0.2.9'], '192.0.2.9', 443, 'denied-by-rule'],
    ['a block of IPv6', ['2001:db8::/32'], '2001:DB8:0::1', 443, 'allowed'],
    ['a denied block', ['192.0.2.9', '!192.0.2.0/24'], '192.0.2.9', 443, 'denied-by-rule'],
    ['all of IPv4 is not loopback', ['0.0.0.0/0'], '127.1', 443, 'not-allowed'],
    ['nor metadata', ['0.0.0.0/0'], '169.254.169.254', 80, 'not-allowed'],
    ['denied, it is', ['127.0.0.1', '!0.0.0.0/0'], '127.1', 443, 'denied-by-rule'],
    ['every name', ['*'], 'any.example', 443, 'allowed'],
    ['on a port', ['*:443'], 'any.example', 80, 'not-allowed'],
    ['public addresses', ['@public'], '93.184.216.34', 443, 'allowed'],
    ['no private ones', ['@public'], '10.0.0.1', 443, 'not-allowed'],
    ['no loopback', ['*'], '0x7f000001', 443, 'not-allowed'],
    ['NAT64 if it is listed', ['64:ff9b::/96'], '64:ff9b::a00:1', 443, 'allowed'],
    [
      'not of what is denied',
      ['64:ff9b::/96', '!10.0.0.0/8'],
      '64:ff9b::a00:1',
      443,
      'denied-by-rule',
    ],
    ['nor 6to4', ['2002::/16', '!10.0.0.1'], '2002:a00:1::', 443, 'denied-by-rule'],
    ['nor Teredo', ['2001::/32', '!10.0.0.1'], '2001::f5ff:fffe', 443, 'denied-by-rule'],
    ['nor by its server', ['2001::/32', '!10.0.0.1'], '2001:0:a00:1::', 443, 'denied-by-rule'],
    [
      'nor local NAT64',
      ['64:ff9b:1::/48', '!10.0.0.1'],
      '64:ff9b:1:a00:0:100::',
      443,
      'denied-by-rule',
    ],
    ['nor IPv4-compatible', ['[::a00:1]', '!10.0.0.1'], '::10.0.0.1', 443, 'denied-by-rule'],
    ['others are', ['2002::/16', '!10.0.0.1'], '2002:a00:2::', 443, 'allowed'],
    ['everything less one', ['*', '!*.evil.example'], 'a.evil.example', 443, 'denied-by-rule'],
    ['metadata without a rule', ['*.example.com'], '169.254.169.254', 80, 'not-allowed'],
  ])('%s: %j, %j port %d is %s', (_what, entries, host, port, expected) => {
    const decision = decideDestination(domains(...entries), host, port);
    expect(decision.allowed ? 'allowed' : decision.reason).toBe(expected);
  });

  test('is decided in canonical form, and the rule is named', () => {
    const rules = domains('*.example.com:443');
    expect(decideDestination(rules, 'WWW.Example.com.', 443)).toEqual({
      allowed: true,
      host: { kind: 'name', text: 'www.example.com' },
      port: 443,
      rule: rules[0],
    });
  });

  test('a refusal names the rule that denies, in canonical form', () => {
    const rules = domains('example.com', '!*.EXAMPLE.com');
    expect(decideDestination(rules, 'A.example.com', 443)).toEqual({
      allowed: false,
      reason: 'denied-by-rule',
      host: 'a.example.com',
      port: 443,
      rule: rules[1],
    });
  });

  test('of several rules the closest is named', () => {
    const rules = domains('*.example.com', 'a.example.com');
    const all = [...domains('@public'), ...rules];
    expect(decideDestination(all, 'a.example.com', 443)).toMatchObject({ rule: rules[1] });
    expect(decideDestination(all, 'b.example.com', 443)).toMatchObject({ rule: rules[0] });
    expect(decideDestination(all, 'other.example', 443)).toMatchObject({ rule: all[0] });
  });

  test('a malformed host is named as it came', () => {
    expect(decideDestination([], 'a\0b', 443)).toMatchObject({ host: 'a\0b', rule: null });
  });
});

function permit(entries: string[], host: string, port: number): Permission {
  const decision = decideDestination(domains(...entries), host, port);
  if (!decision.allowed) throw new Error(`${host} is refused: ${decision.reason}`);
  return decision;
}

describe('the addresses of an allowed name', () => {
  test.each([
    ['public ones', ['example.com'], ['192.0.2.1', '2001:db8::1'], ['192.0.2.1', '2001:db8::1']],
    ['private ones', ['example.com'], ['10.0.0.1', 'fd12::1'], ['10.0.0.1', 'fd12::1']],
    ['none', ['example.com'], [], []],
    ['loopback', ['example.com'], ['127.0.0.1', '::1'], []],
    ['any loopback', ['example.com'], ['127.8.9.10', '0.0.0.0', '::'], []],
    ['metadata', ['example.com'], ['169.254.169.254', 'fd00:ec2::254'], []],
    ['mapped loopback', ['example.com'], ['::ffff:127.0.0.1', '::ffff:169.254.169.254'], []],
    ['embedded loopback', ['example.com'], ['64:ff9b::7f00:1', '2002:7f00:1::', '::7f00:1'], []],
    ['a mixed answer', ['example.com'], ['127.0.0.1', '192.0.2.1'], ['192.0.2.1']],
    ['link-local with a zone', ['example.com'], ['fe80::1%lo', 'fe80::1'], []],
    ['what is no address', ['example.com'], ['evil.example', ''], []],
    ['an address that is denied', ['example.com', '!192.0.2.1'], ['192.0.2.1'], []],
    ['denied in any spelling', ['example.com', '!192.0.2.1'], ['::ffff:192.0.2.1'], []],
    ['denied on its port', ['example.com', '!192.0.2.1:443'], ['192.0.2.1'], []],
    ['denied on another', ['example.com', '!192.0.2.1:80'], ['192.0.2.1'], ['192.0.2.1']],
    ['loopback listed itself', ['example.com', '127.0.0.1'], ['127.0.0.1'], ['127.0.0.1']],
    ['on that port', ['example.com', '127.0.0.1:443'], ['127.0.0.1'], ['127.0.0.1']],
    ['not on another', ['example.com', '127.0.0.1:80'], ['127.0.0.1'], []],
    ['listed and denied', ['example.com', '127.0.0.1', '!127.0.0.1'], ['127.0.0.1'], []],
  ])('%s: %j', (_what, entries, found, expected) => {
    const permission = permit(entries, 'example.com', 443);
    expect(judgeAddresses(domains(...entries), permission, found)).toEqual(expected);
  });

  test.each([
    ['localhost', ['localhost'], ['127.0.0.1', '::1'], ['127.0.0.1', '::1']],
    ['localhost', ['localhost'], ['127.9.9.9'], ['127.9.9.9']],
    ['localhost', ['localhost'], ['169.254.169.254', '0.0.0.0'], []],
    ['localhost', ['localhost', '!127.0.0.1'], ['127.0.0.1', '::1'], ['::1']],
    ['app.localhost', ['app.localhost'], ['127.0.0.1'], ['127.0.0.1']],
    ['notlocalhost', ['notlocalhost'], ['127.0.0.1'], []],
    ['localhost.example.com', ['*.example.com'], ['127.0.0.1'], []],
  ])('%s allowed by %j: %j', (host, entries, found, expected) => {
    const permission = permit(entries, host, 3000);
    expect(judgeAddresses(domains(...entries), permission, found)).toEqual(expected);
  });

  /* A service of this machine that listens on every interface answers there too. */
  test.each([
    [['example.com'], ['192.168.1.5', '10.0.0.1'], ['10.0.0.1']],
    [['example.com'], ['::ffff:192.168.1.5', '2001:db8::5'], []],
    [['example.com', '192.168.1.5'], ['192.168.1.5'], ['192.168.1.5']],
    [['example.com', '192.168.1.5:443'], ['192.168.1.5'], ['192.168.1.5']],
    [['example.com', '192.168.1.5:80'], ['192.168.1.5'], []],
  ])('of this machine itself, allowed by %j: %j', (entries, found, expected) => {
    const own = ['127.0.0.1', '192.168.1.5', '2001:db8::5'];
    const permission = permit(entries, 'example.com', 443);
    expect(judgeAddresses(domains(...entries), permission, found, own)).toEqual(expected);
  });

  test('an address is judged by the rules that hold when it is dialled', () => {
    const permission = permit(['10.0.0.1'], '10.0.0.1', 443);
    expect(judgeAddresses(domains('10.0.0.1'), permission, [])).toEqual(['10.0.0.1']);
    expect(judgeAddresses(domains('10.0.0.2'), permission, [])).toEqual([]);
  });

  test('an address that is allowed is dialled as it stands', () => {
    const permission = permit(['127.0.0.1'], '127.1', 443);
    expect(judgeAddresses(domains('127.0.0.1'), permission, [])).toEqual(['127.0.0.1']);
  });
});

describe('addresses and the rules that are about more than one host', () => {
  const OWN = ['127.0.0.1', '93.184.216.34', '10.0.0.5'];
  const PUBLIC = '93.184.216.35';
  test.each([
    ['every name leads to public ones', ['*'], [PUBLIC, '2606:4700::1'], [PUBLIC, '2606:4700::1']],
    ['not to private ones', ['*'], ['10.0.0.1', '192.168.1.1', 'fd12::1', PUBLIC], [PUBLIC]],
    ['not to reserved ones', ['*'], ['192.0.2.1', '100.64.0.1', '2001:db8::1'], []],
    ['not to local ones', ['*'], ['127.0.0.1', '::1', '169.254.169.254', '0.0.0.0'], []],
    ['not to this machine', ['*'], ['93.184.216.34'], []],
    ['a rule for the name, too', ['*', 'example.com'], ['10.0.0.1'], ['10.0.0.1']],
    ['on that port', ['*', 'example.com:80'], ['10.0.0.1'], []],
    ['a rule for the address', ['*', '10.0.0.1'], ['10.0.0.1', '10.0.0.2'], ['10.0.0.1']],
    ['a rule for its block', ['*', '10.0.0.0/8'], ['10.0.0.1'], ['10.0.0.1']],
    ['too wide a block', ['*', '0.0.0.0/0'], ['10.0.0.1', '127.0.0.1'], []],
    ['this machine in a block', ['*', '10.0.0.0/8'], ['10.0.0.5'], []],
    ['this machine by its name', ['example.com'], ['10.0.0.5'], []],
    ['this machine itself', ['example.com', '10.0.0.5'], ['10.0.0.5'], ['10.0.0.5']],
    ['loopback in a block', ['example.com', '127.0.0.0/8'], ['127.0.0.1'], ['127.0.0.1']],
    ['a denied block', ['*', '!93.184.0.0/16'], [PUBLIC], []],
    ['NAT64 and its like', ['example.com'], ['64:ff9b::5db8:d823', '2001::1', '2002::1'], []],
    ['IPv4-translated', ['example.com'], ['::ffff:0:127.0.0.1', '::ffff:0:5db8:d823'], []],
  ])('%s: %j, %j', (_what, entries, found, expected) => {
    const permission = permit(entries, 'example.com', 443);
    expect(judgeAddresses(domains(...entries), permission, found, OWN)).toEqual(expected);
  });

  test.each([
    ['*', 'localhost', []],
    ['localhost', 'localhost', ['127.0.0.1']],
  ])('%s: %s leads to %j', (entry, host, expected) => {
    expect(judgeAddresses(domains(entry), permit([entry], host, 80), ['127.0.0.1'])).toEqual(
      expected,
    );
  });

  test.each([
    ['*', '93.184.216.34', false],
    ['93.184.0.0/16', '93.184.216.34', false],
    ['93.184.216.34', '93.184.216.34', true],
    ['*', PUBLIC, true],
    ['10.0.0.0/8', '10.0.0.5', false],
    ['127.0.0.0/8', '127.0.0.1', true],
  ])('%s, asked for %s itself, dialled: %s', (entry, address, expected) => {
    const permission = permit([entry], address, 443);
    const judged = judgeAddresses(domains(entry), permission, [], OWN);
    expect(judged).toEqual(expected ? [address] : []);
    expect(refuseAddresses(domains(entry), permission, []).reason).toBe('local-address');
  });
});

describe('addresses that no name may lead to', () => {
  const denied = domainRule('deniedResolvedAddresses', '10.0.0.0/8');
  const judge = (entries: string[], host: string, found: string[]) =>
    judgeAddresses([...domains(...entries), denied], permit(entries, host, 443), found);

  test.each([
    [['example.com'], ['10.0.0.1', '192.168.1.1'], ['192.168.1.1']],
    [['example.com'], ['::ffff:10.0.0.1'], []],
    [['example.com', '10.0.0.1'], ['10.0.0.1'], []],
    [['*.com', '*', '10.0.0.0/8'].slice(1), ['10.0.0.1'], []],
  ])('%j, %j', (entries, found, expected) => {
    expect(judge(entries, 'example.com', found)).toEqual(expected);
  });

  test('asked for itself, such an address is decided as any other', () => {
    expect(judge(['10.0.0.1'], '10.0.0.1', [])).toEqual(['10.0.0.1']);
  });

  test('the refusal names the rule', () => {
    const permission = permit(['example.com'], 'example.com', 443);
    expect(refuseAddresses([...domains('example.com'), denied], permission, ['10.0.0.1'])).toEqual({
      allowed: false,
      reason: 'denied-by-rule',
      host: 'example.com',
      port: 443,
      rule: denied,
    });
  });
});

describe('a name that is to be resolved', () => {
  test.each([
    [['example.com'], 'Example.com.', 'allowed'],
    [['example.com:443'], 'example.com', 'allowed'],
    [['*.example.com'], 'a.example.com', 'allowed'],
    [['*.example.com'], 'example.com', 'not-allowed'],
    [['*'], 'any.example', 'allowed'],
    [['*:443'], 'any.example', 'allowed'],
    [[], 'example.com', 'not-allowed'],
    [['192.0.2.1'], 'example.com', 'not-allowed'],
    [['example.com', '!example.com'], 'example.com', 'denied-by-rule'],
    [['example.com', '!*'], 'example.com', 'denied-by-rule'],
    [['!example.com'], 'example.com', 'denied-by-rule'],
    [['!example.com:25'], 'example.com', 'not-allowed'],
    [['example.com', '!example.com:25'], 'example.com', 'allowed'],
    [['example.com', '!*:1'], 'example.com', 'allowed'],
    [['example.com:443', '!example.com:443'], 'example.com', 'denied-by-rule'],
    [['example.com:443', '!example.com:1-65535'], 'example.com', 'denied-by-rule'],
    [['example.com:443', '!example.com:1-442'], 'example.com', 'allowed'],
    [['example.com:443-444', '!example.com:443'], 'example.com', 'allowed'],
    [['example.com', '!example.com:1-100', '!*:101-65535'], 'example.com', 'denied-by-rule'],
    [['example.com', '!example.com:1-100', '!*:102-65535'], 'example.com', 'allowed'],
    [['example.com', '!example.com:2-65535'], 'example.com', 'allowed'],
    [['example.com', '!example.com:1-65534'], 'example.com', 'allowed'],
    [['192.0.2.1'], '192.0.2.1', 'malformed-host'],
    [['127.0.0.1'], '0x7f.1', 'malformed-host'],
    [['::1'], '::1', 'malformed-host'],
    [['*'], 'a\0b.example', 'malformed-host'],
    [['*'], '', 'malformed-host'],
    [['*'], 'a..example', 'malformed-host'],
  ])('%j: %j is %s', (entries, name, expected) => {
    const decision = decideName(domains(...entries), name);
    expect(decision.allowed ? 'allowed' : decision.reason).toBe(expected);
  });

  test('is given in canonical form, or with the rule that denies it', () => {
    const host = { kind: 'name', text: 'example.com' };
    expect(decideName(domains('example.com'), 'EXAMPLE.com.')).toEqual({ allowed: true, host });
    const rules = domains('example.com:443', '!*:443');
    expect(decideName(rules, 'example.com')).toEqual({
      allowed: false,
      reason: 'denied-by-rule',
      host: 'example.com',
      rule: rules[1],
    });
  });
});

test('ten thousand rules are looked up, not gone through', () => {
  const list = Array.from({ length: 10_000 }, (_, at) => `host-${at}.example.com`);
  const rules = domains(...list, ...list.map((name) => `!*.${name}`));
  decideDestination(rules, 'host-1.example.com', 443);
  const begun = performance.now();
  for (let at = 0; at < 10_000; at++) {
    const decision = decideDestination(rules, `host-${at}.example.com`, 443);
    if (!decision.allowed || decision.rule !== rules[at]) throw new Error(`host-${at}`);
  }
  /* Gone through, it would be two hundred million comparisons; this is a few hundredths of it. */
  expect(performance.now() - begun).toBeLessThan(1000);
});
