import { embeddedAddresses } from '../../../src/policy/embedded-address.ts';
import { parseHost } from '../../../src/policy/host-name.ts';
import { isLocalAddress } from '../../../src/policy/local-address.ts';

describe('an address that a name must not lead to', () => {
  test.each([
    ['this host', '0.0.0.0'],
    ['this host', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback, spelled short', '127.1'],
    ['link-local', '169.254.0.1'],
    ['cloud metadata', '169.254.169.254'],
    ['container metadata', '169.254.170.2'],
    ['Alibaba metadata', '100.100.100.200'],
    ['Azure wire server', '168.63.129.16'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['loopback, written out', '0:0:0:0:0:0:0:1'],
    ['loopback in brackets', '[::1]'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped metadata', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible loopback', '::127.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['local NAT64 of loopback', '64:ff9b:1::7f00:1'],
    ['IPv4-translated loopback', '::ffff:0:127.0.0.1'],
    ['Teredo', '2001::80ff:fffe'],
    ['pod identity of AWS', '169.254.170.23'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['link-local', 'fe80::1'],
    ['link-local', 'febf:ffff::1'],
    ['multicast', 'ff02::1'],
    ['AWS metadata', 'fd00:ec2::254'],
    ['AWS container credentials', 'fd00:ec2::23'],
    ['Google Cloud metadata', 'fd20:ce::254'],
    ['Scaleway metadata', 'fd00:42::42'],
    ['Oracle Cloud metadata', '192.0.0.192'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['a name, which is no address', 'example.com'],
    ['a name that means loopback', 'localhost'],
    ['nothing', ''],
    ['an address with a port', '192.0.2.1:80'],
  ])('%s: %s', (_what, address) => {
    expect(isLocalAddress(address)).toBe(true);
  });
});

describe('an address like any other', () => {
  test.each([
    ['public', '93.184.216.34'],
    ['just before loopback', '126.255.255.255'],
    ['just after loopback', '128.0.0.0'],
    ['just before link-local', '169.253.255.255'],
    ['just after link-local', '169.255.0.0'],
    ['just before multicast', '223.255.255.255'],
    ['next to the metadata', '100.100.100.201'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['public', '2606:4700::1111'],
    ['unique local', 'fd12:3456:789a::1'],
    ['just after link-local', 'fec0::1'],
    ['mapped public', '::ffff:93.184.216.34'],
  ])('%s: %s', (_what, address) => {
    expect(isLocalAddress(address)).toBe(false);
  });
});

describe('the IPv4 addresses in', () => {
  test.each([
    ['::192.0.2.1', ['192.0.2.1']],
    ['::ffff:0:192.0.2.1', ['192.0.2.1']],
    ['64:ff9b::192.0.2.1', ['192.0.2.1']],
    ['64:ff9b:1:c000:2:100::', ['0.0.0.0', '192.0.2.1']],
    ['2002:c000:201::1', ['192.0.2.1']],
    ['2001:0:c000:201::3fff:fdfe', ['192.0.2.1', '192.0.2.1']],
    ['::', []],
    ['::1', []],
    ['2001:db8::c000:201', []],
    ['192.0.2.1', []],
    ['example.com', []],
  ])('%s: %j', (spelling, expected) => {
    const host = parseHost(spelling);
    if (!host) throw new Error(`${spelling} is not a host`);
    expect(embeddedAddresses(host).map(({ text }) => text)).toEqual(expected);
  });
});
