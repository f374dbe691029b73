/* Threat: two parsers read one name differently. The SOCKS5 hole of 2025: the matcher saw
 * "evil\0.allowed", which ends as allowed names do, and the resolver stopped at the NUL. What is
 * not a host name is refused before anything is resolved (a resolved name would answer 502). */
import { type Scratch, scratch } from '../support/srt.ts';
import {
  BLOCKED,
  connectTo,
  converse,
  getFrom,
  SOCKS_BLOCKED,
  socksName,
  utf8,
  verdict,
} from './support/gate-client.ts';

const LABEL = 'a'.repeat(64);

/* Through HTTP some of them are no request at all (400); none is ever resolved. */
const NAMES: readonly (readonly [what: string, name: string])[] = [
  ['a NUL byte', 'evil.test\0.allowed.test'],
  ['a NUL byte at the end', 'evil.test\0'],
  ['a carriage return', 'evil.test\r.allowed.test'],
  ['a line feed', 'evil.test\n.allowed.test'],
  ['both and a header', 'evil.test\r\nx: .allowed.test'],
  ['a tab', 'evil.test\t.allowed.test'],
  ['a space', 'evil.test .allowed.test'],
  ['a percent sign', 'evil.test%00.allowed.test'],
  ['an encoded dot', 'evil%2etest.allowed.test'],
  ['an at sign', 'evil.test@allowed.test'],
  ['an at sign the other way', 'x.allowed.test@evil.test'],
  ['a slash', 'evil.test/.allowed.test'],
  ['a backslash', 'evil.test\\.allowed.test'],
  ['a question mark', 'evil.test?.allowed.test'],
  ['a hash', 'evil.test#.allowed.test'],
  ['an asterisk', '*.allowed.test'],
  ['a comma', 'evil.test,x.allowed.test'],
  ['a semicolon', 'evil.test;x.allowed.test'],
  ['DEL', 'evil.test\x7f.allowed.test'],
  ['bytes that are not UTF-8', 'evil.test\xff\xfe.allowed.test'],
  ['a no-break space', `evil.test${utf8('\u00a0')}.allowed.test`],
  ['a line separator', `evil.test${utf8('\u2028')}.allowed.test`],
  ['an over-long label', `${LABEL}.allowed.test`],
  ['an over-long name', `${`${'a'.repeat(40)}.`.repeat(6)}allowed.test`.padStart(255, 'b')],
  ['an empty label', 'evil..allowed.test'],
  ['nothing before the dot', '.allowed.test'],
  ['two trailing dots', 'x.allowed.test..'],
  ['only a dot', '.'],
  ['half a bracket', '[evil.allowed.test'],
  ['brackets around a name', '[x.allowed.test]'],
  ['a zone of IPv6', '[fe80::1%25lo]'],
];

const rows = NAMES.map(([what, name], index) => ({ what, name, index }));

describe('a name with', () => {
  let dir: Scratch;
  let bySocks: string[];
  let byConnect: string[];
  let byUri: string[];
  beforeAll(async () => {
    dir = scratch();
    const settings = dir.settings({
      network: { allowedDomains: ['*.allowed.test', 'allowed.test'] },
    });
    const options = ['-s', settings];
    bySocks = await converse(
      NAMES.map(([, name]) => socksName(name, 80)),
      options,
    );
    byConnect = await converse(
      NAMES.map(([, name]) => connectTo(`${name}:80`)),
      options,
    );
    byUri = await converse(
      NAMES.map(([, name]) => getFrom(`http://${name}:80/`)),
      options,
    );
  });
  afterAll(() => dir.remove());

  test.each(rows)('$what is refused by SOCKS5', ({ index }) => {
    expect(verdict(bySocks[index])).toBe(SOCKS_BLOCKED);
  });
  test.each(rows)('$what is refused by CONNECT', ({ index }) => {
    expect([BLOCKED, '400']).toContain(verdict(byConnect[index]));
  });
  test.each(rows)('$what is refused in a URI', ({ index }) => {
    expect([BLOCKED, '400']).toContain(verdict(byUri[index]));
  });

  /* 502 and SOCKS 4: allowed, looked up, and not found. */
  test('nothing special is allowed: the control', async () => {
    const options = ['-s', dir.settings({ network: { allowedDomains: ['*.allowed.test'] } })];
    const name = 'plain.allowed.test';
    const talks = [socksName(name, 80), connectTo(`${name}:80`), getFrom(`http://${name}/`)];
    const answers = await converse(talks, options);
    expect(answers.map(verdict)).toEqual(['socks 4', '502', '502']);
  });
});
