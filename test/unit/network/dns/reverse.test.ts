import { addressOfReverseName } from '../../../../src/network/dns/reverse.ts';

const nibbles = (address: string) => [...address].reverse().join('.');
const zeros = '0'.repeat(31);

test.each([
  ['2.0.18.198.in-addr.arpa', '198.18.0.2'],
  ['1.0.0.127.IN-ADDR.ARPA', '127.0.0.1'],
  ['255.255.255.255.in-addr.arpa', '255.255.255.255'],
  [`${nibbles(`${zeros}1`)}.ip6.arpa`, '::1'],
  [`${nibbles('fd73727400000000000000000001ABCD')}.ip6.arpa`, 'fd73:7274::1:abcd'],
  [`${nibbles(`${'0'.repeat(20)}ffffc6120002`)}.ip6.arpa`, '198.18.0.2'],
])('%s is about %s', (name, address) => {
  expect(addressOfReverseName(name)).toBe(address);
});

test.each([
  'in-addr.arpa',
  'ip6.arpa',
  '18.198.in-addr.arpa',
  '1.2.0.18.198.in-addr.arpa',
  '02.0.18.198.in-addr.arpa',
  '256.0.18.198.in-addr.arpa',
  '0x2.0.18.198.in-addr.arpa',
  'a.0.18.198.in-addr.arpa',
  '0/25.2.0.192.in-addr.arpa',
  `${nibbles(zeros)}.ip6.arpa`,
  `1.${nibbles(`${zeros}1`)}.ip6.arpa`,
  `${nibbles(`${zeros}g`)}.ip6.arpa`,
  `${nibbles(zeros)}.00.ip6.arpa`,
])('%s is of no single address', (name) => {
  expect(addressOfReverseName(name)).toBe('zone');
});

test.each([
  '',
  'arpa',
  'example.com',
  'in-addr.arpa.example.com',
  'xin-addr.arpa',
])('%p is not a reverse name', (name) => {
  expect(addressOfReverseName(name)).toBeNull();
});
