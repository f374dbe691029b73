import {
  parseAbsoluteForm,
  parseAuthority,
  readConnect,
} from '../../../../src/network/http/target.ts';

describe('the target of a CONNECT', () => {
  test.each([
    ['example.com:443', 'example.com', 443],
    ['EXAMPLE.com.:443', 'EXAMPLE.com.', 443],
    ['127.1:80', '127.1', 80],
    ['[::1]:443', '[::1]', 443],
    ['[fe80::1%25eth0]:443', '[fe80::1%25eth0]', 443],
    ['example.com:0', 'example.com', 0],
    ['example.com:99999', 'example.com', 99999],
    ['example.com:00443', 'example.com', 443],
    ['user@example.com:443', 'user@example.com', 443],
    ['a b:443', 'a b', 443],
  ])('%j', (text, host, port) => {
    expect(parseAuthority(text)).toEqual({ host, port });
  });

  test.each([
    '',
    ':443',
    'example.com',
    'example.com:',
    'example.com:http',
    'example.com:+443',
    'example.com:-1',
    'example.com: 443',
    'example.com:443 ',
    'example.com:443/',
    'example.com:1234567',
    'example.com:80:443',
    '::1:443',
    '[::1]',
    '[::1:443',
    '::1]:443',
    '[[::1]]:443',
    'a[::1]:443',
    '[::1]a:443',
    'https://example.com:443',
    '/',
  ])('%j is none', (text) => {
    expect(parseAuthority(text)).toBeNull();
  });
});

describe('the target of a request in absolute-form', () => {
  test.each([
    ['http://example.com/', 'example.com', 80, 'example.com', '/'],
    ['http://example.com', 'example.com', 80, 'example.com', '/'],
    ['HTTP://Example.com/', 'Example.com', 80, 'Example.com', '/'],
    ['http://example.com:8080/a', 'example.com', 8080, 'example.com:8080', '/a'],
    ['http://[::1]/', '[::1]', 80, '[::1]', '/'],
    ['http://[::1]:8080/', '[::1]', 8080, '[::1]:8080', '/'],
    ['http://example.com?q=1', 'example.com', 80, 'example.com', '/?q=1'],
    ['http://example.com/a?b=http://c/d', 'example.com', 80, 'example.com', '/a?b=http://c/d'],
    [
      'http://example.com/a//b/../c/./%2e%2F',
      'example.com',
      80,
      'example.com',
      '/a//b/../c/./%2e%2F',
    ],
    ['http://example.com/\\a', 'example.com', 80, 'example.com', '/\\a'],
    ['http://user@example.com/', 'user@example.com', 80, 'user@example.com', '/'],
    ['http://a.example\\@b.example/', 'a.example\\@b.example', 80, 'a.example\\@b.example', '/'],
  ])('%j', (text, host, port, authority, path) => {
    expect(parseAbsoluteForm(text)).toEqual({ host, port, authority, path });
  });

  test.each([
    '',
    '/',
    '/path',
    '*',
    'example.com',
    'example.com:80',
    'http:',
    'http:/example.com/',
    'http:///path',
    'http://?q',
    'https://example.com/',
    'ftp://example.com/',
    'ws://example.com/',
    ' http://example.com/',
    'http://:80/',
    'http://::1/',
    'http://[::1/',
    'http://user:password@example.com/',
    'http://example.com:x/',
    'http://example.com:80:80/',
  ])('%j is none', (text) => {
    expect(parseAbsoluteForm(text)).toBeNull();
  });

  /* RFC 3986 3.2.3: a port may be empty, and then it is the default. */
  test('an empty port is port 80', () => {
    expect(parseAbsoluteForm('http://example.com:/')).toMatchObject({
      host: 'example.com',
      port: 80,
    });
  });
});

describe('a CONNECT in the first bytes of a connection', () => {
  const rest = (text: string) => readConnect(Buffer.from(text, 'latin1'))?.rest.toString('latin1');

  test.each([
    ['without headers', 'CONNECT a.example:443 HTTP/1.1\r\n\r\n', ''],
    ['with headers', 'CONNECT a.example:443 HTTP/1.0\r\nhost: x\r\na:\r\n\r\n', ''],
    ['with early data', 'CONNECT a.example:443 HTTP/1.1\r\n\r\n\x16\x03\r\n', '\x16\x03\r\n'],
    ['that claims a body', 'CONNECT a.example:443 HTTP/1.1\r\ncontent-length: 9\r\n\r\nx', 'x'],
  ])('%s is read', (_what, text, expected) => {
    expect(readConnect(Buffer.from(text, 'latin1'))?.target).toBe('a.example:443');
    expect(rest(text)).toBe(expected);
  });

  test.each([
    ['another method', 'GET a.example:443 HTTP/1.1\r\n\r\n'],
    ['a method in lower case', 'connect a.example:443 HTTP/1.1\r\n\r\n'],
    ['a head that is not whole', 'CONNECT a.example:443 HTTP/1.1\r\nhost: x\r\n'],
    ['bare line feeds', 'CONNECT a.example:443 HTTP/1.1\n\n'],
    ['two spaces', 'CONNECT  a.example:443 HTTP/1.1\r\n\r\n'],
    ['no version', 'CONNECT a.example:443\r\n\r\n'],
    ['another version', 'CONNECT a.example:443 HTTP/2.0\r\n\r\n'],
    ['a folded header', 'CONNECT a.example:443 HTTP/1.1\r\na: b\r\n c\r\n\r\n'],
    ['a NUL byte', 'CONNECT a.example:443\0.b HTTP/1.1\r\n\r\n'],
    ['a byte over 127', 'CONNECT a\xe9:443 HTTP/1.1\r\n\r\n'],
    ['too long a head', `CONNECT a.example:443 HTTP/1.1\r\na: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['nothing', ''],
  ])('%s is left to the parser', (_what, text) => {
    expect(readConnect(Buffer.from(text, 'latin1'))).toBeNull();
  });
});
