import { matchesDomain, parseDomainPattern } from '../../../src/policy/domain-rule.ts';
import { parseHost } from '../../../src/policy/host-name.ts';
import { domainRule } from '../rules.ts';

const name = (text: string) => ({ kind: 'name', text });

describe('an entry of either list', () => {
  test.each([
    ['example.com', name('example.com'), false, null],
    ['Example.COM.', name('example.com'), false, null],
    ['example.com:443', name('example.com'), false, 443],
    ['example.com:1', name('example.com'), false, 1],
    ['example.com:65535', name('example.com'), false, 65535],
    ['*.example.com', name('example.com'), true, null],
    ['*.EXAMPLE.com:8443', name('example.com'), true, 8443],
    ['*.bücher.example', name('xn--bcher-kva.example'), true, null],
    ['localhost', name('localhost'), false, null],
    ['localhost:3000', name('localhost'), false, 3000],
    ['192.0.2.1', { kind: 'ipv4', text: '192.0.2.1' }, false, null],
    ['127.1:80', { kind: 'ipv4', text: '127.0.0.1' }, false, 80],
    ['[2001:DB8::1]', { kind: 'ipv6', text: '2001:db8::1' }, false, null],
    ['[2001:db8::1]:443', { kind: 'ipv6', text: '2001:db8::1' }, false, 443],
    ['2001:db8::1', { kind: 'ipv6', text: '2001:db8::1' }, false, null],
    ['::1', { kind: 'ipv6', text: '::1' }, false, null],
    ['[::ffff:192.0.2.1]', { kind: 'ipv4', text: '192.0.2.1' }, false, null],
    ['::ffff:192.0.2.1', { kind: 'ipv4', text: '192.0.2.1' }, false, null],
  ])('%s', (typed, host, subdomains, port) => {
    const expected = { host, subdomains, port };
    expect(parseDomainPattern(typed, 'allowedDomains')).toEqual(expected);
    expect(parseDomainPattern(typed, 'deniedDomains')).toEqual(expected);
  });
});

describe('refused in either list', () => {
  test.each([
    ['https://example.com', 'is a URL'],
    ['HTTP://example.com/', 'is a URL'],
    ['wss://example.com', 'is a URL'],
    ['example.com/path', 'has a path or a prefix length'],
    ['10.0.0.0/8', 'has a path or a prefix length'],
    ['2001:db8::/32', 'has a path or a prefix length'],
    ['//example.com', 'has a path or a prefix length'],
    ['example.com:', 'is not a host with an optional port'],
    ['example.com:http', 'is not a host with an optional port'],
    ['example.com:-1', 'is not a host with an optional port'],
    ['example.com:443:443', 'is not a host with an optional port'],
    ['example.com:123456', 'is not a host with an optional port'],
    ['[::1', 'is not a host with an optional port'],
    ['[::1]443', 'is not a host with an optional port'],
    ['example.com:0', 'has a port outside 1-65535'],
    ['example.com:65536', 'has a port outside 1-65535'],
    ['*.192.0.2.1', 'puts a wildcard before an address'],
    ['*.127.1', 'puts a wildcard before an address'],
    ['', 'is not a host name or an address'],
    [' ', 'is not a host name or an address'],
    [' example.com', 'is not a host name or an address'],
    ['user@example.com', 'is not a host name or an address'],
    ['*.', 'is not a host name or an address'],
    ['**', 'is not a host name or an address'],
    ['**.example.com', 'is not a host name or an address'],
    ['*.*.example.com', 'is not a host name or an address'],
    ['*example.com', 'is not a host name or an address'],
    ['a*.example.com', 'is not a host name or an address'],
    ['example.*', 'is not a host name or an address'],
    ['.example.com', 'is not a host name or an address'],
    ['example..com', 'is not a host name or an address'],
    ['example.1', 'is not a host name or an address'],
    ['example.com\0.evil.example', 'is not a host name or an address'],
    ['[]', 'is not a host name or an address'],
    ['[example.com]', 'is not a host name or an address'],
    ['[*]', 'is not a host name or an address'],
  ])('%j %s', (typed, problem) => {
    for (const list of ['allowedDomains', 'deniedDomains'] as const) {
      expect(parseDomainPattern(typed, list)).toEqual({
        problem: expect.stringContaining(problem),
      });
    }
  });
});

describe('what only deniedDomains takes', () => {
  test.each([
    ['*', { host: null, subdomains: false, port: null }, 'every host'],
    ['*:25', { host: null, subdomains: false, port: 25 }, 'every host'],
    ['*.com', { host: name('com'), subdomains: true, port: null }, 'a whole top-level domain'],
    ['*.com:80', { host: name('com'), subdomains: true, port: 80 }, 'a whole top-level domain'],
    ['*.com.', { host: name('com'), subdomains: true, port: null }, 'a whole top-level domain'],
    ['*.localhost', { host: name('localhost'), subdomains: true, port: null }, 'a whole top-level'],
  ])('%s', (typed, pattern, problem) => {
    expect(parseDomainPattern(typed, 'deniedDomains')).toEqual(pattern);
    expect(parseDomainPattern(typed, 'allowedDomains')).toEqual({
      problem: expect.stringContaining(problem),
    });
  });
});

describe('matching', () => {
  test.each([
    ['example.com', 'example.com', 443, true],
    ['example.com', 'EXAMPLE.com.', 443, true],
    ['example.com', 'www.example.com', 443, false],
    ['example.com', 'badexample.com', 443, false],
    ['example.com', 'example.com.evil.example', 443, false],
    ['example.com', 'com', 443, false],
    ['*.example.com', 'www.example.com', 443, true],
    ['*.example.com', 'a.b.example.com', 443, true],
    ['*.example.com', 'example.com', 443, false],
    ['*.example.com', 'badexample.com', 443, false],
    ['*.example.com', 'www.example.com.evil.example', 443, false],
    ['*.com', 'example.com', 443, true],
    ['*.com', 'com', 443, false],
    ['*.com', 'example.com.evil.example', 443, false],
    ['example.com:443', 'example.com', 443, true],
    ['example.com:443', 'example.com', 80, false],
    ['*.example.com:8443', 'a.example.com', 8443, true],
    ['*.example.com:8443', 'a.example.com', 443, false],
    ['*', 'example.com', 1, true],
    ['*', '192.0.2.1', 443, true],
    ['*', '::1', 443, true],
    ['*:25', 'example.com', 25, true],
    ['*:25', 'example.com', 587, false],
    ['192.0.2.1', '192.0.2.1', 443, true],
    ['192.0.2.1', '::ffff:192.0.2.1', 443, true],
    ['192.0.2.1', '3221225985', 443, true],
    ['192.0.2.1', '192.0.2.11', 443, false],
    ['127.1', '127.0.0.1', 443, true],
    ['[2001:db8::1]', '2001:DB8:0::1', 443, true],
    ['[2001:db8::1]', '2001:db8::2', 443, false],
    ['[::7f00:1]', '127.0.0.1', 443, false],
    ['bücher.example', 'XN--BCHER-KVA.example', 443, true],
    ['localhost', '127.0.0.1', 443, false],
  ])('%s and %s port %i: %s', (typed, spelling, port, expected) => {
    const host = parseHost(spelling);
    if (!host) throw new Error(`${spelling} is not a host`);
    expect(matchesDomain(domainRule('deniedDomains', typed), host, port)).toBe(expected);
  });
});
