import {
  addressData,
  type DnsResponse,
  nameData,
  writeResponse,
} from '../../../../src/network/dns/response.ts';
import { parseHost } from '../../../../src/policy/host-name.ts';
import { parseResponse, wireName, words } from './bytes.ts';

const bytes = Buffer.concat([wireName('eXample.com'), words(1, 1)]);
const plain: DnsResponse = {
  header: { id: 0xbeef, flags: 0x0100 },
  question: { name: 'eXample.com', type: 1, class: 1, bytes },
  edns: null,
  rcode: 0,
};
const edns = { version: 0, dnssecOk: false, udpBytes: 4096 };
const question = '076558616d706c6503636f6d0000010001';
const hex = (response: DnsResponse) => writeResponse(response, 'udp').toString('hex');
const record = (size: number) => ({ type: 16, ttl: 1, data: Buffer.alloc(size) });

describe('byte for byte', () => {
  test.each<[string, Partial<DnsResponse>, string]>([
    ['no records', {}, `beef81800001000000000000${question}`],
    ['refused', { rcode: 5 }, `beef81850001000000000000${question}`],
    ['no such name', { rcode: 3 }, `beef81830001000000000000${question}`],
    ['without a question', { question: null, rcode: 1 }, 'beef81810000000000000000'],
    [
      'another opcode, no RD',
      { header: { id: 1, flags: 0x2800 }, question: null, rcode: 4 },
      '0001a8840000000000000000',
    ],
    [
      'an address',
      { records: [{ type: 1, ttl: 60, data: addressData('198.18.0.2') }] },
      `beef81800001000100000000${question}c00c000100010000003c0004c6120002`,
    ],
    ['EDNS', { edns }, `beef81800001000000000001${question}00002904d000000000 0000`],
    [
      'EDNS with DO',
      { edns: { ...edns, dnssecOk: true } },
      `beef81800001000000000001${question}00002904d000008000 0000`,
    ],
    [
      'EDNS of an unknown version',
      { edns: { ...edns, version: 7 }, rcode: 16 },
      `beef81800001000000000001${question}00002904d001000000 0000`,
    ],
  ])('%s', (_what, parts, expected) => {
    expect(hex({ ...plain, ...parts })).toBe(expected.replaceAll(' ', ''));
  });
});

describe('what does not fit', () => {
  const limit = (udpBytes: number | null) => {
    const asked = { ...plain, edns: udpBytes === null ? null : { ...edns, udpBytes } };
    const rest = writeResponse({ ...asked, records: [record(0)] }, 'udp').length;
    for (let size = 0; ; size++) {
      const written = writeResponse({ ...asked, records: [record(size)] }, 'udp');
      const parsed = parseResponse(written);
      if (!parsed.truncated) expect(written.length).toBe(rest + size);
      else {
        expect(parsed).toMatchObject({ answers: [], question: bytes, rcode: 0 });
        expect(parsed.opt === null).toBe(udpBytes === null);
        return rest + size - 1;
      }
    }
  };

  test.each([
    [null, 512],
    [0, 512],
    [511, 512],
    [600, 600],
    [1232, 1232],
    [65535, 1232],
  ])('an asker that takes %p bytes gets up to %i', (udpBytes, expected) => {
    expect(limit(udpBytes)).toBe(expected);
  });

  test('over TCP', () => {
    const written = writeResponse({ ...plain, records: [record(60000)] }, 'tcp');
    expect(parseResponse(written)).toMatchObject({ truncated: false, answers: [{ type: 16 }] });
  });
});

test.each([
  ['127.0.0.1', '7f000001'],
  ['255.255.255.255', 'ffffffff'],
  ['::1', '00000000000000000000000000000001'],
  ['::', '00000000000000000000000000000000'],
  ['fd73:7274::1:ffff', 'fd73727400000000000000000001ffff'],
  ['2001:db8::', '20010db8000000000000000000000000'],
  ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
])('%s', (address, expected) => {
  expect(parseHost(address)?.text).toBe(address);
  expect(addressData(address).toString('hex')).toBe(expected);
});

test('a name', () => {
  expect(nameData('a.example')).toEqual(Buffer.from('\x01a\x07example\0'));
});
