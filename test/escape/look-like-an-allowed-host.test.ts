/* Threat: a host compare that is too loose (CVE-2026-24052 and others): a suffix without its dot, a
 * wildcard that takes the base, a deny that only removes the same text (tyrchen/sbe #4). The verdict
 * must be one for every spelling of a host. */
import { type HttpServer, httpServer } from '../support/servers.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import {
  type Conversation,
  connectTo,
  converse,
  getFrom,
  BLOCKED as REFUSED,
  SOCKS_BLOCKED as SOCKS_REFUSED,
  socksName,
  utf8,
  verdict,
} from './support/gate-client.ts';

const network = {
  allowedDomains: [
    'allowed.test',
    'UPPER.test.',
    '*.wild.test',
    'ported.test:8443',
    '*.ported.test:8443',
    'bücher.test',
    'listed.test:80,8000-8100',
  ],
  deniedDomains: ['bad.wild.test', '*.deep.wild.test', 'some.wild.test:443'],
};

type Row = readonly [host: string, port: number, allowed: boolean];

const HOSTS: readonly Row[] = [
  ['allowed.test', 80, true],
  ['allowed.test', 65535, true],
  ['ALLOWED.Test', 80, true],
  ['allowed.test.', 80, true],
  ['upper.test', 80, true],
  ['sub.allowed.test', 80, false],
  ['allowed.test.evil.test', 80, false],
  ['evilallowed.test', 80, false],
  ['evil-allowed.test', 80, false],
  ['allowed.testevil', 80, false],
  ['allowed', 80, false],
  ['test', 80, false],
  ['a.wild.test', 80, true],
  ['a.b.c.wild.test', 80, true],
  ['wild.test', 80, false],
  ['wild.test.', 80, false],
  ['awild.test', 80, false],
  ['a.wild.test.evil.test', 80, false],
  ['bad.wild.test', 80, false],
  ['BAD.wild.test.', 80, false],
  ['x.bad.wild.test', 80, true],
  ['deep.wild.test', 80, true],
  ['x.deep.wild.test', 80, false],
  ['x.y.deep.wild.test', 80, false],
  ['some.wild.test', 443, false],
  ['some.wild.test', 80, true],
  ['ported.test', 8443, true],
  ['ported.test', 443, false],
  ['ported.test', 80, false],
  ['x.ported.test', 8443, true],
  ['x.ported.test', 80, false],
  ['listed.test', 80, true],
  ['listed.test', 8000, true],
  ['listed.test', 8100, true],
  ['listed.test', 8101, false],
  ['listed.test', 7999, false],
  ['listed.test', 443, false],
  ['xn--bcher-kva.test', 80, true],
  ['xn--llowed-8nf.test', 80, false] /* with a Cyrillic а */,
  ['allowed.test', 0, false],
];

/* By SOCKS5 a name may come in UTF-8. The verdict is about its canonical form. */
const UNICODE: readonly Row[] = [
  ['bücher.test', 80, true],
  ['BÜCHER.test', 80, true],
  ['bu\u0308cher.test', 80, true],
  ['ａllowed.test', 80, true],
  ['allowed。test', 80, true],
  ['bad。wild.test', 80, false],
  ['ｂad.wild.test', 80, false],
  ['аllowed.test', 80, false] /* with a Cyrillic а */,
  ['allowed.test\u200b.evil.test', 80, false],
];

const BLOCKED = { CONNECT: REFUSED, 'a URI': REFUSED, SOCKS5: SOCKS_REFUSED };
/* Allowed, and there is no such host. */
const ALLOWED = { CONNECT: '502', 'a URI': '502', SOCKS5: 'socks 4' };

interface Case {
  host: string;
  port: number;
  protocol: keyof typeof BLOCKED;
  expected: string;
  talk: Conversation;
}

function caseFor(protocol: Case['protocol'], [host, port, allowed]: Row, talk: Conversation): Case {
  return { host, port, protocol, expected: (allowed ? ALLOWED : BLOCKED)[protocol], talk };
}

/* What is allowed is looked up, and a resolver may not like many questions at once: by all three
 * protocols only one such name is asked for. */
const refused = HOSTS.filter(([host, , allowed]) => !allowed || host === 'allowed.test');
const CASES: readonly Case[] = [
  ...HOSTS.map((row) => caseFor('CONNECT', row, connectTo(`${row[0]}:${row[1]}`))),
  ...refused.map((row) => caseFor('a URI', row, getFrom(`http://${row[0]}:${row[1]}/`))),
  ...refused.map((row) => caseFor('SOCKS5', row, socksName(row[0], row[1]))),
  ...UNICODE.map((row) => caseFor('SOCKS5', row, socksName(utf8(row[0]), row[1]))),
];

let dir: Scratch;
let answers: string[];
beforeAll(async () => {
  dir = scratch();
  const talks = CASES.map(({ talk }) => talk);
  answers = await converse(talks, ['-s', dir.settings({ network })]);
});
afterAll(() => dir.remove());

test.each(
  CASES.map((row, index) => ({ ...row, index })),
)('$host port $port by $protocol: $expected', ({ expected, index }) => {
  expect(verdict(answers[index])).toBe(expected);
});

/* The same with a host that exists, so that "allowed" is seen to reach it. */
describe('localhost', () => {
  let server: HttpServer;
  let other: HttpServer;
  let seen: string[];
  const spellings = ['localhost', 'LocalHost', 'localhost.'];
  beforeAll(async () => {
    server = await httpServer('server');
    other = await httpServer('other');
    const rule = { allowedDomains: ['localhost'], deniedDomains: [`localhost:${other.port}`] };
    const ports = [server.port, other.port];
    const talks = ports.flatMap((port) => spellings.map((host) => connectTo(`${host}:${port}`)));
    seen = (await converse(talks, ['-s', dir.settings({ network: rule })])).map(verdict);
  });
  afterAll(async () => {
    await server.close();
    await other.close();
  });

  test.each(spellings.map((host, index) => ({ host, index })))('$host is reached', ({ index }) => {
    expect(seen[index]).toBe('reached server');
  });
  test.each(
    spellings.map((host, index) => ({ host, index })),
  )('$host is refused at the denied port', ({ index }) => {
    expect(seen[spellings.length + index]).toBe(REFUSED);
    expect(other.requests).toEqual([]);
  });
});
