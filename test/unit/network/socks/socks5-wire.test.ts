import {
  Reply,
  readGreeting,
  readRequest,
  writeReply,
} from '../../../../src/network/socks/socks5-wire.ts';

const bytes = (...values: number[]) => Buffer.from(values);
const request = (command: number, type: number, address: number[], port: number) =>
  bytes(5, command, 0, type, ...address, port >> 8, port & 255);
const name = (text: string | Buffer) => {
  const encoded = Buffer.from(text);
  return [encoded.length, ...encoded];
};

describe('a greeting', () => {
  test.each([
    ['one method', bytes(5, 1, 0), { state: 'read', length: 3, methods: [0] }],
    ['several', bytes(5, 3, 2, 0, 1), { state: 'read', length: 5, methods: [2, 0, 1] }],
    ['none', bytes(5, 0), { state: 'read', length: 2, methods: [] }],
    ['more bytes after it', bytes(5, 1, 0, 9, 9), { state: 'read', length: 3, methods: [0] }],
    ['no byte yet', bytes(), { state: 'need' }],
    ['no count yet', bytes(5), { state: 'need' }],
    ['a method missing', bytes(5, 2, 0), { state: 'need' }],
    ['SOCKS4', bytes(4, 1), { state: 'bad', reply: Reply.generalFailure }],
    ['HTTP', Buffer.from('GET / HTTP/1.1'), { state: 'bad', reply: Reply.generalFailure }],
  ])('%s', (_what, input, expected) => {
    expect(readGreeting(input)).toEqual(expected);
  });
});

describe('a request', () => {
  test.each([
    ['IPv4', 1, [192, 0, 2, 1], '192.0.2.1'],
    ['IPv4 zero', 1, [0, 0, 0, 0], '0.0.0.0'],
    ['a name', 3, name('example.com'), 'example.com'],
    ['a name of 255 bytes', 3, name('a'.repeat(255)), 'a'.repeat(255)],
    ['an empty name', 3, [0], ''],
    ['a name with a NUL byte', 3, name('evil.example\0.example.com'), 'evil.example\0.example.com'],
    ['a name that is UTF-8', 3, name('bücher.example'), 'bücher.example'],
    ['a name that is not UTF-8', 3, name(Buffer.from([0x61, 0xff, 0x62])), 'a\ufffdb'],
    ['IPv6', 4, [0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 1], '2001:db8:0:0:0:0:0:1'],
    ['IPv6 loopback', 4, [...new Array(15).fill(0), 1], '0:0:0:0:0:0:0:1'],
  ])('%s', (_what, type, address, host) => {
    const input = request(1, type, address, 443);
    const expected = { state: 'read', length: input.length, command: 1, host, port: 443 };
    expect(readRequest(input)).toEqual(expected);
    expect(readRequest(Buffer.concat([input, bytes(1, 2, 3)]))).toEqual(expected);
    for (let length = 0; length < input.length; length++) {
      expect([length, readRequest(input.subarray(0, length))]).toEqual([length, { state: 'need' }]);
    }
  });

  test.each([
    ['BIND', 2],
    ['UDP ASSOCIATE', 3],
    ['an unknown command', 255],
  ])('%s is for the server to refuse', (_what, command) => {
    expect(readRequest(request(command, 1, [192, 0, 2, 1], 80))).toMatchObject({ command });
  });

  test.each([0, 80, 65535])('port %i', (port) => {
    expect(readRequest(request(1, 1, [192, 0, 2, 1], port))).toMatchObject({ port });
  });

  test.each([
    ['an unknown address type', bytes(5, 1, 0, 2), Reply.addressTypeNotSupported],
    ['address type 0', bytes(5, 1, 0, 0), Reply.addressTypeNotSupported],
    ['another version', bytes(4), Reply.generalFailure],
  ])('%s is refused at once', (_what, input, reply) => {
    expect(readRequest(input)).toEqual({ state: 'bad', reply });
  });
});

test.each(Object.entries(Reply))('the reply %s', (_name, reply) => {
  expect([...writeReply(reply)]).toEqual([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
});
