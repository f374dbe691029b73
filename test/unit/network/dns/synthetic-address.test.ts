import {
  FIRST_NUMBER,
  LAST_NUMBER,
  syntheticAddress,
  syntheticNumber,
} from '../../../../src/network/dns/synthetic-address.ts';
import { parseHost } from '../../../../src/policy/host-name.ts';
import { isLocalAddress } from '../../../../src/policy/local-address.ts';

test('every number that is given away is found again, in both families', () => {
  const lost: number[] = [];
  for (let number = FIRST_NUMBER; number <= LAST_NUMBER; number++) {
    const { ipv4, ipv6 } = syntheticAddress(number);
    if (syntheticNumber(ipv4) !== number || syntheticNumber(ipv6) !== number) lost.push(number);
  }
  expect(lost).toEqual([]);
});

test.each([
  FIRST_NUMBER,
  255,
  256,
  0xffff,
  0x10000,
  0x10001,
  0x100ff,
  LAST_NUMBER,
])('the addresses of number %i are canonical, and no rule about this machine is about them', (number) => {
  const { ipv4, ipv6 } = syntheticAddress(number);
  expect(parseHost(ipv4)).toEqual({ kind: 'ipv4', text: ipv4 });
  expect(parseHost(ipv6)).toEqual({ kind: 'ipv6', text: ipv6 });
  expect([isLocalAddress(ipv4), isLocalAddress(ipv6)]).toEqual([false, false]);
});

test.each([
  [FIRST_NUMBER, '198.18.0.2', 'fd73:7274::2'],
  [0xffff, '198.18.255.255', 'fd73:7274::ffff'],
  [0x10000, '198.19.0.0', 'fd73:7274::1:0'],
  [LAST_NUMBER, '198.19.255.254', 'fd73:7274::1:fffe'],
])('number %i', (number, ipv4, ipv6) => {
  expect(syntheticAddress(number)).toEqual({ ipv4, ipv6 });
});

test.each([
  ['198.18.0.0', 0],
  ['198.18.0.1', 1],
  ['198.19.255.255', 0x1ffff],
  ['fd73:7274::', 0],
  ['fd73:7274::ffff:ffff', 0xffffffff],
])('%s is in the ranges without being given away', (address, number) => {
  expect(syntheticNumber(address)).toBe(number);
  expect(number < FIRST_NUMBER || number > LAST_NUMBER).toBe(true);
});

test.each([
  '198.17.255.255',
  '198.20.0.0',
  '192.0.2.1',
  '127.0.0.1',
  '::1',
  'fd73:7274::1:0:0',
  'fd73:7274:0:0:0:1::',
  'fd73:7275::2',
  '2001:db8::2',
  'example.com',
  '198.18.0.2.example.com',
  '',
])('%p is not', (address) => {
  expect(syntheticNumber(address)).toBeNull();
});
