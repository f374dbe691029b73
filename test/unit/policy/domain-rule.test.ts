import { matchesDomain } from '../../../src/policy/domain-match.ts';
import { formatDomainPattern, parseDomainPattern } from '../../../src/policy/domain-rule.ts';
import { parseHost } from '../../../src/policy/host-name.ts';
import { domainRule } from '../rules.ts';

const LISTS = ['allowedDomains', 'deniedDomains'] as const;

/** The canonical form of an entry, or what is wrong with it. */
function read(typed: string, list: Parameters<typeof parseDomainPattern>[1]): string {
  const pattern = parseDomainPattern(typed, list);
  return 'problem' in pattern ? pattern.problem : formatDomainPattern(pattern);
}

describe('an entry of either list', () => {
  test.each([
    ['example.com', 'example.com'],
    ['Example.COM.', 'example.com'],
    ['example.com:443', 'example.com:443'],
    ['example.com:1', 'example.com:1'],
    ['example.com:65535', 'example.com:65535'],
    ['example.com:0443', 'example.com:443'],
    ['example.com:80,443', 'example.com:80,443'],
    ['example.com:8000-8100', 'example.com:8000-8100'],
    ['example.com:443,8000-8100,1-1', 'example.com:443,8000-8100,1'],
    ['example.com:1-65535', 'example.com:1-65535'],
    ['*.example.com', '*.example.com'],
    ['*.EXAMPLE.com.:8443', '*.example.com:8443'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
    ['bücher.example:80', 'xn--bcher-kva.example:80'],
    ['localhost', 'localhost'],
    ['localhost:3000', 'localhost:3000'],
    ['_service.example.com', '_service.example.com'],
    ['192.0.2.1', '192.0.2.1'],
    ['127.1:80', '127.0.0.1:80'],
    ['[2001:DB8::1]', '[2001:db8::1]'],
    ['[2001:db8::1]:443', '[2001:db8::1]:443'],
    ['[2001:db8::1]:80,443', '[2001:db8::1]:80,443'],
    ['2001:db8::1', '[2001:db8::1]'],
    ['2001:db8::1:443', '[2001:db8::1:443]'],
    ['::1', '[::1]'],
    ['[::ffff:192.0.2.1]', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.0/24:5432', '192.0.2.0/24:5432'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.0.0.0/8:80,8000-8100', '10.0.0.0/8:80,8000-8100'],
    ['2001:db8::/32', '[2001:db8::]/32'],
    ['2001:DB8::/32:443', '[2001:db8::]/32:443'],
    ['[2001:db8::]/32', '[2001:db8::]/32'],
    ['[2001:db8::]/32:443', '[2001:db8::]/32:443'],
    ['2001:db8::1/128', '[2001:db8::1]'],
    ['::/0', '[::]/0'],
  ])('%s', (typed, canonical) => {
    for (const list of LISTS) expect(read(typed, list)).toBe(canonical);
  });
});

describe('refused in either list', () => {
  test.each([
    ['https://example.com', 'is a URL'],
    ['HTTP://example.com/', 'is a URL'],
    ['wss://example.com', 'is a URL'],
    ['example.com/path', 'has a path'],
    ['example.com/24', 'has a path'],
    ['//example.com', 'has a path'],
    ['10/8', 'after what is not a full address'],
    ['*.example.com/24', 'has a path'],
    ['192.0.2.0/', 'needs a prefix length from 0 to 32'],
    ['192.0.2.0/x', 'needs a prefix length from 0 to 32'],
    ['192.0.2.0/33', 'needs a prefix length from 0 to 32'],
    ['192.0.2.0/-1', 'needs a prefix length from 0 to 32'],
    ['192.0.2.0/255.255.255.0', 'needs a prefix length from 0 to 32'],
    ['192.0.2.0/24/24', 'needs a prefix length from 0 to 32'],
    ['2001:db8::/129', 'needs a prefix length from 0 to 128'],
    ['[2001:db8::/32]', 'is not a host name or an address'],
    ['192.0.2.1/24', 'has bits beyond its prefix; the network is 192.0.2.0/24'],
    ['10.1.2.3/8', 'the network is 10.0.0.0/8'],
    ['1.2.3.4/0', 'the network is 0.0.0.0/0'],
    ['192.0.2.255/31', 'the network is 192.0.2.254/31'],
    ['2001:db8::1/32', 'the network is 2001:db8::/32'],
    ['::ffff:192.0.2.0/120', 'is a block of IPv4 addresses inside IPv6'],
    ['example.com:', 'needs ports such as'],
    ['example.com:http', 'needs ports such as'],
    ['example.com:-1', 'needs ports such as'],
    ['example.com:443:443', 'needs ports such as'],
    ['example.com:80,,', 'needs ports such as'],
    ['example.com:80,', 'needs ports such as'],
    ['example.com:,80', 'needs ports such as'],
    ['example.com:80-', 'needs ports such as'],
    ['example.com:80-90-100', 'needs ports such as'],
    ['example.com:80 ', 'needs ports such as'],
    ['example.com:80, 443', 'needs ports such as'],
    ['example.com:*', 'needs ports such as'],
    ['example.com:0x50', 'needs ports such as'],
    ['example.com:123456', 'has a port outside 1-65535'],
    ['example.com:0', 'has a port outside 1-65535'],
    ['example.com:65536', 'has a port outside 1-65535'],
    ['example.com:0-80', 'has a port outside 1-65535'],
    ['example.com:80-65536', 'has a port outside 1-65535'],
    ['example.com:80-70', 'has a range of ports that runs backwards: 80-70'],
    ['192.0.2.0/24:0', 'has a port outside 1-65535'],
    ['[::1', 'is not a host with optional ports'],
    ['[::1]443', 'is not a host with optional ports'],
    ['::1]', 'needs ports such as'],
    ['*.192.0.2.1', 'puts a wildcard before an address'],
    ['*.127.1', 'puts a wildcard before an address'],
    ['', 'is not a host name or an address'],
    [' ', 'is not a host name or an address'],
    [':443', 'is not a host name or an address'],
    [' example.com', 'is not a host name or an address'],
    ['user@example.com', 'is not a host name or an address'],
    ['@nonsense', 'is not a host name or an address'],
    ['@public.', 'is not a host name or an address'],
    ['*.', 'is not a host name or an address'],
    ['**', 'has a * that is not its whole first label'],
    ['**.example.com', 'has a * that is not its whole first label'],
    ['*.*.example.com', 'has a * that is not its whole first label'],
    ['*.*.com', 'has a * that is not its whole first label'],
    ['*example.com', 'has a * that is not its whole first label'],
    ['a*.example.com', 'has a * that is not its whole first label'],
    ['a.*.b', 'has a * that is not its whole first label'],
    ['example.*', 'has a * that is not its whole first label'],
    ['[*]', 'has a * that is not its whole first label'],
    ['.example.com', 'is not a host name or an address'],
    ['example..com', 'is not a host name or an address'],
    ['example.1', 'is not a host name or an address'],
    ['example.com\0.evil.example', 'is not a host name or an address'],
    ['[]', 'is not a host name or an address'],
    ['[example.com]', 'is not a host name or an address'],
    ['[192.0.2.0]/24', 'has a path'],
  ])('%j %s', (typed, problem) => {
    for (const list of LISTS) expect(read(typed, list)).toContain(problem);
  });
});

describe('what the lists take differently', () => {
  test.each([
    ['*', '*', '@public'],
    ['*:25', '*:25', '@public:25'],
    ['@public', 'is for allowedDomains alone', '@public'],
    ['@public:443,8443', 'is for allowedDomains alone', '@public:443,8443'],
    ['*.com', '*.com', 'would allow a whole top-level domain'],
    ['*.com:80', '*.com:80', 'would allow a whole top-level domain'],
    ['*.com.', '*.com', 'would allow a whole top-level domain'],
    ['*.localhost', '*.localhost', 'would allow a whole top-level domain'],
  ])('%s', (typed, denied, allowed) => {
    expect(read(typed, 'deniedDomains')).toContain(denied);
    expect(read(typed, 'allowedDomains')).toContain(allowed);
  });

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0x7f.1', '127.0.0.1'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:db8::/32', '[2001:db8::]/32'],
    ['10.0.0.0/8:443', 'has a port'],
    ['example.com', 'is not an address or a block'],
    ['*', 'is not an address or a block'],
    ['*.example.com', 'is not an address or a block'],
    ['@public', 'is for allowedDomains alone'],
  ])('deniedResolvedAddresses: %s', (typed, expected) => {
    expect(read(typed, 'deniedResolvedAddresses')).toContain(expected);
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
    ['example.com:80,8000-8100', 'example.com', 80, true],
    ['example.com:80,8000-8100', 'example.com', 8000, true],
    ['example.com:80,8000-8100', 'example.com', 8100, true],
    ['example.com:80,8000-8100', 'example.com', 8101, false],
    ['example.com:80,8000-8100', 'example.com', 81, false],
    ['192.0.2.0/24', '192.0.2.0', 443, true],
    ['192.0.2.0/24', '192.0.2.255', 443, true],
    ['192.0.2.0/24', '0xc0000201', 443, true],
    ['192.0.2.0/24', '::ffff:192.0.2.7', 443, true],
    ['192.0.2.0/24', '192.0.3.0', 443, false],
    ['192.0.2.0/24', 'example.com', 443, false],
    ['192.0.2.0/24:5432', '192.0.2.1', 5432, true],
    ['192.0.2.0/24:5432', '192.0.2.1', 443, false],
    ['192.0.2.128/25', '192.0.2.127', 443, false],
    ['192.0.2.128/25', '192.0.2.128', 443, true],
    ['0.0.0.0/0', '127.0.0.1', 443, true],
    ['0.0.0.0/0', '::1', 443, false],
    ['::/0', '2001:db8::1', 443, true],
    ['::/0', '192.0.2.1', 443, false],
    ['2001:db8::/33', '2001:db8:7fff::1', 443, true],
    ['2001:db8::/33', '2001:db8:8000::1', 443, false],
  ])('%s and %s port %i: %s', (typed, spelling, port, expected) => {
    const host = parseHost(spelling);
    if (!host) throw new Error(`${spelling} is not a host`);
    expect(matchesDomain(domainRule('deniedDomains', typed), host, port)).toBe(expected);
  });
});

/* What is not public is only meant by a rule that is about nothing else. */
describe('a block that is allowed', () => {
  test.each([
    ['0.0.0.0/0', ['93.184.216.34'], ['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.0.2.1']],
    ['127.0.0.0/8', ['127.0.0.1', '127.9.9.9'], ['128.0.0.1']],
    ['126.0.0.0/7', ['126.0.0.1'], ['127.0.0.1']],
    ['10.0.0.0/8', ['10.1.2.3'], ['11.0.0.1']],
    ['10.1.0.0/16', ['10.1.2.3'], ['10.2.0.1']],
    ['169.254.0.0/16', ['169.254.1.1'], ['169.254.169.254', '169.254.170.2', '169.254.170.23']],
    ['169.254.169.254/32', ['169.254.169.254'], ['169.254.169.253']],
    ['100.64.0.0/10', ['100.64.0.1'], ['100.100.100.200']],
    ['192.0.0.0/16', ['192.0.64.1'], ['192.0.2.1', '192.0.0.192']],
    ['192.0.2.0/24', ['192.0.2.1'], ['192.0.3.1']],
    [
      '::/0',
      ['2606:4700::1'],
      ['::1', 'fd12::1', 'fe80::1', '64:ff9b::1', '2001:db8::1', '2002::1'],
    ],
    ['fc00::/7', ['fd12::1'], ['fd00:ec2::254', 'fd20:ce::254']],
    ['2001:db8::/32', ['2001:db8::1'], ['2001:db9::1']],
    ['64:ff9b::/96', ['64:ff9b::7f00:1'], ['64:ff9c::1']],
  ])('%s means %j and not %j', (typed, meant, others) => {
    const rule = domainRule('allowedDomains', typed);
    const means = (text: string) => {
      const host = parseHost(text);
      return host !== null && matchesDomain(rule, host, 443);
    };
    expect(meant.filter((text) => !means(text))).toEqual([]);
    expect(others.filter(means)).toEqual([]);
  });
});

describe.each(['*', '@public'])('%s that is allowed', (typed) => {
  test.each([
    ['example.com', true],
    ['localhost', true] /* but it may not lead to loopback */,
    ['93.184.216.34', true],
    ['2606:4700::1', true],
    ['10.0.0.1', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['127.0.0.1', false],
    ['0.0.0.0', false],
    ['169.254.169.254', false],
    ['168.63.129.16', false],
    ['192.0.2.1', false],
    ['198.51.100.1', false],
    ['203.0.113.1', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['fd12::1', false],
    ['fe80::1', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['2001:db8::1', false],
    ['2001::1', false],
    ['2002:c000:201::', false],
    ['64:ff9b::5db8:d822', false],
    ['4000::1', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:93.184.216.34', true],
  ])('%s: %s', (spelling, expected) => {
    const host = parseHost(spelling);
    if (!host) throw new Error(`${spelling} is not a host`);
    expect(matchesDomain(domainRule('allowedDomains', typed), host, 443)).toBe(expected);
  });
});
