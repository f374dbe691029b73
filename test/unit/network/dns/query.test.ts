import { readQuery } from '../../../../src/network/dns/query.ts';
import { opt, query, wireName, words } from './bytes.ts';

const header = { id: 0x1234, flags: 0x0100 };
const label63 = 'a'.repeat(63);
const name253 = [label63, label63, label63, 'a'.repeat(61)].join('.');

test('a query, byte for byte', () => {
  const bytes = Buffer.from(
    ['beef0100 00010000 00000001', '07 6578616d706c65 03 636f6d 00 001c 0001']
      .concat('00 0029 1000 00 00 8000 0000')
      .join('')
      .replaceAll(' ', ''),
    'hex',
  );
  expect(readQuery(bytes)).toEqual({
    state: 'read',
    query: {
      header: { id: 0xbeef, flags: 0x0100 },
      question: {
        name: 'example.com',
        type: 28,
        class: 1,
        bytes: Buffer.from('076578616d706c6503636f6d00001c0001', 'hex'),
      },
      edns: { version: 0, dnssecOk: true, udpBytes: 4096 },
    },
  });
});

describe('a name', () => {
  test.each([
    ['the root', wireName(''), ''],
    ['one label', wireName('single'), 'single'],
    ['as it is spelt', wireName('eXAmple.COM'), 'eXAmple.COM'],
    ['service labels', wireName('_https._tcp.example.com'), '_https._tcp.example.com'],
    ['the longest label', wireName(label63), label63],
    ['the longest name', wireName(name253), name253],
    [
      '127 labels',
      wireName(new Array(127).fill('a').join('.')),
      new Array(127).fill('a').join('.'),
    ],
    ['a dot in a label', Buffer.from('\x0bexample.com\x04evil\0'), 'example\\046com.evil'],
    ['a NUL in a label', Buffer.from('\x05evil\0\x03com\0'), 'evil\\000.com'],
    ['a backslash', Buffer.from('\x05\\046a\0'), '\\092046a'],
    ['a space and a star', Buffer.from('\x03 *a\0'), '\\032\\042a'],
    ['bytes that are not ASCII', Buffer.from([2, 0xc3, 0xbc, 0]), '\\195\\188'],
  ])('%s', (_what, name, text) => {
    const read = readQuery(query(name));
    expect(read).toMatchObject({ state: 'read', query: { header, question: { name: text } } });
    expect(read.state === 'read' && read.query.question.bytes).toEqual(
      Buffer.concat([name, words(1, 1)]),
    );
  });

  test.each([
    ['a label of 64 bytes', Buffer.concat([Buffer.of(64), Buffer.alloc(64, 97), Buffer.of(0)])],
    ['a pointer to itself', words(0xc00c)],
    ['a pointer after a label', Buffer.concat([Buffer.from('\x01a'), words(0xc00c)])],
    ['a pointer into the header', words(0xc000)],
    ['an extended label', Buffer.from([0x41, 1, 0])],
    ['256 bytes', wireName(`${name253}a`)],
    ['128 labels', wireName(new Array(128).fill('a').join('.'))],
  ])('%s is no name', (_what, name) => {
    expect(readQuery(query(name))).toEqual({ state: 'bad', header, rcode: 1 });
  });
});

describe('EDNS', () => {
  test.each([
    ['plain', {}, { version: 0, dnssecOk: false, udpBytes: 1232 }],
    ['with DO', { dnssecOk: true }, { version: 0, dnssecOk: true, udpBytes: 1232 }],
    ['of the future', { version: 1 }, { version: 1, dnssecOk: false, udpBytes: 1232 }],
    ['small', { udpBytes: 0 }, { version: 0, dnssecOk: false, udpBytes: 0 }],
    ['with a cookie', { options: words(10, 8, 1, 2, 3, 4) }, { version: 0, udpBytes: 1232 }],
  ])('%s', (_what, edns, expected) => {
    expect(readQuery(query('example.com', { edns }))).toMatchObject({
      state: 'read',
      query: { edns: expected },
    });
  });

  const plain = query('example.com');
  const withCount = (count: number, ...records: Buffer[]) => {
    const bytes = Buffer.concat([plain, ...records]);
    bytes.writeUInt16BE(count, 10);
    return bytes;
  };
  test.each([
    ['two of them', withCount(2, opt({}), opt({}))],
    ['one too few', withCount(1)],
    ['more options than bytes', withCount(1, opt({ options: words(1) }).subarray(0, -1))],
    ['bytes after it', withCount(1, opt({}), Buffer.of(0))],
    ['one that is not counted', withCount(0, opt({}))],
    ['another owner than the root', withCount(1, Buffer.from('\x01a'), opt({}))],
    ['another type', withCount(1, Buffer.of(0), words(250, 255, 0, 0, 0))],
  ])('%s: malformed', (_what, bytes) => {
    expect(readQuery(bytes)).toEqual({ state: 'bad', header, rcode: 1 });
  });

  test('the same bytes with one of them are read', () => {
    expect(readQuery(withCount(1, opt({}))).state).toBe('read');
  });
});

describe('a header', () => {
  const changed = (at: number, value: number) => {
    const bytes = query('example.com');
    bytes.writeUInt16BE(value, at);
    return bytes;
  };
  test.each([
    ['no question', changed(4, 0)],
    ['two questions', changed(4, 2)],
    ['an answer', changed(6, 1)],
    ['an authority', changed(8, 1)],
    ['65535 additional records', changed(10, 65535)],
  ])('%s: malformed', (_what, bytes) => {
    expect(readQuery(bytes)).toEqual({ state: 'bad', header, rcode: 1 });
  });

  test.each([
    ['inverse query', 1],
    ['status', 2],
    ['notify', 4],
    ['update', 5],
    ['the last', 15],
  ])('%s: not implemented, and the opcode is kept', (_what, opcode) => {
    const flags = (opcode << 11) | 0x0100;
    expect(readQuery(changed(2, flags))).toEqual({
      state: 'bad',
      header: { id: 0x1234, flags },
      rcode: 4,
    });
  });

  test('of the flags only RD is kept', () => {
    expect(readQuery(changed(2, 0x07ff))).toMatchObject({ query: { header } });
    expect(readQuery(changed(2, 0x06ff))).toMatchObject({ query: { header: { flags: 0 } } });
  });

  test('a response is ignored, whatever follows', () => {
    expect(readQuery(changed(2, 0x8180))).toEqual({ state: 'ignore' });
    expect(readQuery(changed(2, 0xf800))).toEqual({ state: 'ignore' });
  });

  test('every prefix is ignored or malformed', () => {
    const whole = query('example.com', { edns: { options: words(1, 2, 3) } });
    for (let length = 0; length < whole.length; length++) {
      const expected = length < 12 ? { state: 'ignore' } : { state: 'bad', header, rcode: 1 };
      expect([length, readQuery(whole.subarray(0, length))]).toEqual([length, expected]);
    }
    expect(readQuery(whole).state).toBe('read');
  });
});
