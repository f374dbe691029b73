import { parseAbsoluteForm, parseAuthority } from '../../../src/network/http-target.ts';

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
