import { parseHost } from '../../../src/policy/host-name.ts';

const label = (length: number) => 'a'.repeat(length);

/** Four labels that make a name of `length` characters. */
const name = (length: number) =>
  [label(63), label(63), label(63), label(length - 3 * 64)].join('.');

describe('a name', () => {
  test.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.Com', 'example.com'],
    ['example.com.', 'example.com'],
    ['localhost', 'localhost'],
    ['a_b.example.com', 'a_b.example.com'],
    ['-a.example.com', '-a.example.com'],
    ['1.example.com', '1.example.com'],
    ['1.2.3.4.example.com', '1.2.3.4.example.com'],
    ['0x7f.example', '0x7f.example'],
    ['example.c0m', 'example.c0m'],
    ['bücher.example.com', 'xn--bcher-kva.example.com'],
    ['BÜCHER.example.com', 'xn--bcher-kva.example.com'],
    ['xn--bcher-kva.example.com', 'xn--bcher-kva.example.com'],
    ['XN--BCHER-KVA.example.com', 'xn--bcher-kva.example.com'],
    ['faß.example.com', 'xn--fa-hia.example.com'],
    ['ｅｘａｍｐｌｅ.com', 'example.com'],
    ['example。com', 'example.com'],
    ['example．com', 'example.com'],
    ['example｡com', 'example.com'],
    ['exam\u00adple.com', 'example.com'],
    ['exam\u200bple.com', 'example.com'],
    [`${label(63)}.example.com`, `${label(63)}.example.com`],
    [name(253), name(253)],
    [`${name(253)}.`, name(253)],
  ])('%j', (spelling, text) => {
    expect(parseHost(spelling)).toEqual({ kind: 'name', text });
  });
});

describe('an IPv4 address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1.', '192.0.2.1'],
    ['127.1', '127.0.0.1'],
    ['127.0.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0X7F.0.0.0x1', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['017700000001', '127.0.0.1'],
    ['0177.0.0.01', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['4294967295', '255.255.255.255'],
    ['①②⑦.0.0.1', '127.0.0.1'],
    ['127。0。0。1', '127.0.0.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:C000:0201', '192.0.2.1'],
    ['[::ffff:127.0.0.1]', '127.0.0.1'],
    ['0:0:0:0:0:ffff:7f00:1', '127.0.0.1'],
  ])('%j', (spelling, text) => {
    expect(parseHost(spelling)).toEqual({ kind: 'ipv4', text });
  });
});

describe('an IPv6 address', () => {
  test.each([
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
    ['::', '::'],
    ['2001:DB8::00A0', '2001:db8::a0'],
    ['[2001:db8:0:0:1:0:0:1]', '2001:db8::1:0:0:1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['::127.0.0.1', '::7f00:1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ])('%j', (spelling, text) => {
    expect(parseHost(spelling)).toEqual({ kind: 'ipv6', text });
  });
});

describe('not a host', () => {
  test.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['an empty label', 'a..example.com'],
    ['an empty first label', '.example.com'],
    ['two trailing dots', 'example.com..'],
    ['an address with two trailing dots', '192.0.2.1..'],
    ['a label of 64 characters', `${label(64)}.example.com`],
    ['a name of 254 characters', name(254)],
    ['a very long name', label(2000)],
    ['a last label of digits', 'example.1'],
    ['a last label of digits after the dot', 'example.1.'],
    ['a last label that is hexadecimal', 'example.0x1f'],
    ['a last label that is only the prefix', 'example.0x'],
    ['an address with a fifth part', '1.2.3.4.5'],
    ['an address out of range', '256.1.1.1'],
    ['a number out of range', '4294967296'],
    ['a part that is not octal', '08.0.0.1'],
    ['a zone', 'fe80::1%eth0'],
    ['an encoded zone', '[fe80::1%25eth0]'],
    ['too many groups', '1:2:3:4:5:6:7:8:9'],
    ['two compressions', '1::2::3'],
    ['a group of five digits', '12345::1'],
    ['brackets around nothing', '[]'],
    ['brackets around a name', '[example.com]'],
    ['brackets around an IPv4 address', '[127.0.0.1]'],
    ['brackets in brackets', '[[::1]]'],
    ['a lone opening bracket', '[::1'],
    ['a lone closing bracket', '::1]'],
    ['a bracket within', 'exa[mple.com'],
    ['a name with a port', 'example.com:443'],
    ['a bracketed address with a port', '[::1]:443'],
    ['a URL', 'https://example.com'],
    ['invalid punycode', 'xn--a.example.com'],
    ['an unassigned code point', '\u0378.example.com'],
    ['a fullwidth solidus', 'example.com\uff0fevil.example'],
    ['an ideographic space', 'example\u3000.com'],
    ['a replacement character', 'exam\ufffdple.com'],
    ['a lone surrogate', 'exam\ud800ple.com'],
    ['a line separator', 'example.com\u2028'],
    ['a paragraph separator', 'example.com\u2029'],
    ['a non-breaking space', 'example.com\u00a0'],
    ['an accented name that is too long when encoded', `${'ü'.repeat(60)}.example.com`],
    ['a wildcard', '*.example.com'],
  ])('%s: %j', (_what, spelling) => {
    expect(parseHost(spelling)).toBeNull();
  });
});

/* One at each place, because a parser may trim one end, or stop at the other. */
const DELIMITERS = [...' %@/\\?#<>^|"\'`{}()*,;=&+!$~\0\t\n\r\v\f\x01\x1f\x7f\x80\x9f'];

test.each(DELIMITERS)('%j makes it no host', (character) => {
  for (const spelling of [
    `${character}example.com`,
    `exam${character}ple.com`,
    `example.com${character}`,
    `example.com${character}.evil.example`,
    `127.0.0.1${character}`,
    `[::1${character}]`,
  ]) {
    expect([spelling, parseHost(spelling)]).toEqual([spelling, null]);
  }
});

test('a canonical spelling stays what it is', () => {
  const spellings = ['EXAMPLE.com.', 'bücher.example', '127.1', '[2001:DB8::A]', '::ffff:10.0.0.1'];
  for (const spelling of spellings) {
    const host = parseHost(spelling);
    expect(parseHost(host?.text ?? '')).toEqual(host);
  }
});

/* Names in their canonical form are not converted at all; in capitals they are. */
test.each([
  ...['a', 'a.b', 'a-', 'ab--c', 'a-.b', 'x--n', 'xn.b', 'a.0x1', 'a.b1', 'a.1b', 'localhost'],
  ...['xn--', 'xn--a', 'a.xn--p1ai', 'a.xn--', 'a..b', 'a.', `${'a'.repeat(64)}.b`, 'a'.repeat(63)],
  ...[
    'a.1',
    '1.a',
    '-a',
    'a.-b',
    'a_b',
    '_a',
    'a.b.c.d.e',
    `${'a.'.repeat(126)}a`,
    'a.'.repeat(128),
  ],
])('%j is the same host in capitals', (name) => {
  expect(parseHost(name)).toEqual(parseHost(name.toUpperCase()));
});
