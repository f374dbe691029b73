import { createHelloReader, type FirstBytes } from '../../../../src/network/tunnel/client-hello.ts';
import {
  entry,
  extension,
  GROUPS,
  hello,
  message,
  realHello,
  records,
  serverName,
  vector,
} from './hello.ts';

/** What becomes of bytes that come in pieces of this size. */
function read(bytes: Buffer, size = bytes.length): FirstBytes {
  const reader = createHelloReader();
  let result: FirstBytes = { state: 'need' };
  for (let at = 0; at < bytes.length && result.state === 'need'; at += size)
    result = reader(bytes.subarray(at, at + size));
  return result;
}

const named = (name: string | null, encrypted = false) => ({
  state: 'hello',
  serverName: name,
  encrypted,
});
const MALFORMED = { state: 'malformed' };
const ofExtensions = (...extensions: Buffer[]) => read(records(message(extensions)));

describe('a ClientHello', () => {
  test.each(['example.com', 'EXAMPLE.com.', 'a', '192.0.2.1', 'a\0b'])('for %j', (name) => {
    expect(read(hello(name))).toEqual(named(name));
  });

  test('without a name, and without any extension', () => {
    expect(read(hello(null))).toEqual(named(null));
    expect(read(records(message(null)))).toEqual(named(null));
    expect(ofExtensions()).toEqual(named(null));
  });

  test('of Node itself', async () => {
    expect(read(await realHello('example.com'))).toEqual(named('example.com'));
    expect(read(await realHello(undefined))).toMatchObject({ state: 'hello', serverName: null });
  });

  test('with an encrypted one inside: the name is the outer one', () => {
    const outer = extension(0xfe0d, Buffer.from([0, 0, 1, 0, 1, 7]));
    expect(ofExtensions(outer, serverName(entry('example.com')))).toEqual(
      named('example.com', true),
    );
  });

  test('with early data right behind it', () => {
    const early = records(Buffer.alloc(100), 100, 23);
    expect(read(Buffer.concat([hello('example.com'), early]))).toEqual(named('example.com'));
  });

  test.each([1, 2, 3, 4, 5, 7, 64])('in records of %i bytes, and segments of any size', (size) => {
    const bytes = hello('example.com', size);
    for (const segment of [1, 2, 3, 5, 6, 11, bytes.length])
      expect([segment, read(bytes, segment)]).toEqual([segment, named('example.com')]);
  });

  test('is not clear before its last byte', () => {
    const bytes = hello('example.com', 50);
    const reader = createHelloReader();
    for (const byte of bytes.subarray(0, -1))
      expect(reader(Buffer.from([byte]))).toEqual({ state: 'need' });
    expect(reader(bytes.subarray(-1))).toEqual(named('example.com'));
    expect(reader(Buffer.from('anything'))).toEqual(named('example.com'));
  });

  test('whatever the version of its records, which servers ignore', () => {
    for (const version of [0x0301, 0x0303, 0x0000, 0x0900, 0xffff]) {
      const bytes = hello('example.com');
      bytes.writeUInt16BE(version, 1);
      expect(read(bytes)).toEqual(named('example.com'));
    }
  });
});

describe('a ClientHello that two servers may read differently', () => {
  const name = entry('example.com');
  test.each<[string, Buffer[]]>([
    ['two names in one list', [serverName(name, entry('other.example'))]],
    ['the same name twice', [serverName(name, name)]],
    ['two lists', [serverName(name), serverName(name)]],
    ['an empty list', [serverName()]],
    ['an empty extension', [extension(0)]],
    ['an empty name', [serverName(entry(''))]],
    ['a name of another type', [serverName(entry('example.com', 1))]],
    ['another type before the name', [serverName(entry('x', 1), name)]],
    ['another type behind the name', [serverName(name, entry('x', 255))]],
    ['bytes behind the list', [extension(0, vector(2, name), 'x')]],
    ['a list that is longer than its extension', [extension(0, Buffer.from([0, 99]), name)]],
    ['a name that is longer than its list', [extension(0, vector(2, [0, 0, 99, 97]))]],
    ['a name that is not ASCII', [serverName(entry(Buffer.from([0x61, 0xe9])))]],
    ['half an extension', [Buffer.from([0, 0, 0])]],
    ['an extension that is longer than the message', [Buffer.from([0, 0, 0, 99])]],
  ])('%s', (_what, extensions) => {
    expect(ofExtensions(GROUPS, ...extensions)).toEqual(MALFORMED);
    expect(ofExtensions(GROUPS)).toEqual(named(null));
  });

  test.each<[string, Buffer]>([
    ['bytes behind the extensions', Buffer.concat([message([serverName(name)]), Buffer.from('x')])],
    ['a second message in its record', Buffer.concat([message([]), message([serverName(name)])])],
    ['nothing in it', Buffer.from([1, 0, 0, 0])],
    ['a message of another type', Buffer.from([2, 0, 0, 1, 0])],
    ['a session of 33 bytes', sessionOf(33)],
  ])('%s', (_what, bytes) => {
    expect(read(records(bytes))).toEqual(MALFORMED);
    expect(read(records(bytes), 1)).toEqual(MALFORMED);
  });

  test.each<[string, Buffer[]]>([
    ['an empty record first', [Buffer.from([22, 3, 1, 0, 0])]],
    ['an empty record between', [hello('example.com').subarray(0, 0)]],
    ['an alert first', [Buffer.from([21, 3, 1, 0, 2, 1, 0])]],
    ['change_cipher_spec first', [Buffer.from([20, 3, 1, 0, 1, 1])]],
  ])('%s', (what, first) => {
    const whole = message([serverName(name)]);
    const bytes =
      what === 'an empty record between'
        ? [records(whole.subarray(0, 9)), Buffer.from([22, 3, 1, 0, 0]), records(whole.subarray(9))]
        : [...first, records(whole)];
    expect(read(Buffer.concat(bytes))).toEqual(MALFORMED);
  });

  test('a record of another type between', () => {
    const whole = message([serverName(name)]);
    const parts = [
      records(whole.subarray(0, 9)),
      records(Buffer.from([1, 0]), 2, 21),
      records(whole.subarray(9)),
    ];
    expect(read(Buffer.concat(parts))).toEqual(MALFORMED);
  });
});

function sessionOf(length: number): Buffer {
  const fixed = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32)]);
  const rest = [vector(1, Buffer.alloc(length)), vector(2, [0x13, 1]), vector(1, [0])];
  return Buffer.concat([Buffer.from([1]), vector(3, fixed, ...rest)]);
}

describe('what is held is little', () => {
  const padded = (length: number) =>
    message([serverName(entry('example.com')), extension(21, Buffer.alloc(length))]);

  test('a large hello passes', () => {
    expect(read(records(padded(15_000)))).toEqual(named('example.com'));
  });

  test.each([17_000, 60_000])('one with %i bytes of padding is refused early', (length) => {
    const bytes = records(padded(length));
    expect(read(bytes.subarray(0, 9))).toEqual({ state: 'oversized' });
  });

  test('so is one whose records take more than it does', () => {
    expect(read(records(padded(4000), 1))).toEqual({ state: 'oversized' });
    expect(read(records(padded(4000), 2), 1)).toEqual(named('example.com'));
  });
});

describe('what is no TLS is known at once', () => {
  test.each<[string, Buffer]>([
    ['HTTP', Buffer.from('G')],
    ['SSH', Buffer.from('S')],
    ['SSLv2', Buffer.from([0x80])],
    ['zero', Buffer.from([0])],
    ['application data', Buffer.from([23])],
    ['MySQL, of a length like a handshake', Buffer.from([22, 1, 0, 1, 0x85, 0xa6])],
    ['MongoDB, of a length like a handshake', Buffer.from([22, 1, 0, 0, 1, 0])],
    ['MongoDB, of a length like an alert', Buffer.from([21, 1, 0, 0, 1, 0])],
  ])('%s', (_what, bytes) => {
    expect(read(bytes)).toEqual({ state: 'not-tls' });
    expect(read(bytes, 1)).toEqual({ state: 'not-tls' });
  });

  test('nothing yet is not clear', () => {
    expect(createHelloReader()(Buffer.alloc(0))).toEqual({ state: 'need' });
  });
});
