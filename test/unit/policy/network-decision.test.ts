import {
  decideDestination,
  judgeAddresses,
  type Permission,
} from '../../../src/policy/network-decision.ts';
import { domains } from '../rules.ts';

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
    const own = ['127.0.0.1', '192.168.1.5', '2001:DB8:0::5'];
    const permission = permit(entries, 'example.com', 443);
    expect(judgeAddresses(domains(...entries), permission, found, own)).toEqual(expected);
  });

  test('an address that is allowed is dialled as it stands', () => {
    const permission = permit(['127.0.0.1'], '127.1', 443);
    expect(judgeAddresses(domains('127.0.0.1'), permission, [])).toEqual(['127.0.0.1']);
  });
});
