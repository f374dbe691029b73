import { setTimeout as sleep } from 'node:timers/promises';
import { createNamePool } from '../../../../src/network/dns/name-pool.ts';
import { createDnsService } from '../../../../src/network/dns/service.ts';
import { parseResponse, query, wireName, words } from './bytes.ts';
import { givenDns } from './given.ts';

const [A, PTR, AAAA] = [1, 12, 28];
const [NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, BADVERS] = [0, 1, 2, 3, 4, 5, 16];
const ipv4 = (...octets: number[]) => [{ type: A, ttl: 60, data: Buffer.from(octets) }];
const ipv6 = (hex: string) => [{ type: AAAA, ttl: 60, data: Buffer.from(hex, 'hex') }];
const pointer = (name: string) => [{ type: PTR, ttl: 60, data: wireName(name) }];

describe('an allowed name', () => {
  test('has an address that stands for it', async () => {
    const { ask, pool, asked, refused } = givenDns(['example.com']);
    expect(await ask('example.com')).toMatchObject({
      id: 0x1234,
      flags: 0x8180,
      rcode: NOERROR,
      answers: ipv4(198, 18, 0, 2),
      opt: null,
    });
    expect([pool.nameOf('198.18.0.2'), asked, refused]).toEqual([
      'example.com',
      ['example.com'],
      [],
    ]);
  });

  test('is decided, resolved and kept in canonical form, and echoed as it was asked', async () => {
    const { ask, pool, asked } = givenDns(['example.com']);
    const answer = await ask('eXaMPle.COM');
    expect(answer.question).toEqual(Buffer.concat([wireName('eXaMPle.COM'), words(A, 1)]));
    expect([pool.nameOf('198.18.0.2'), asked]).toEqual(['example.com', ['example.com']]);
  });

  test.each([
    [false, []],
    [true, ipv6('fd737274000000000000000000000002')],
  ])('AAAA, where IPv6 is %p', async (enabled, answers) => {
    const { ask } = givenDns(['example.com'], { ipv6: enabled });
    expect(await ask('example.com', { type: AAAA })).toMatchObject({ rcode: NOERROR, answers });
    expect((await ask('example.com')).answers).toEqual(ipv4(198, 18, 0, 2));
  });

  test.each([
    ['HTTPS', 65],
    ['SVCB', 64],
    ['SRV', 33],
    ['MX', 15],
    ['TXT', 16],
    ['NS', 2],
    ['SOA', 6],
    ['CNAME', 5],
    ['PTR', 12],
    ['an unknown type', 65280],
  ])('has no %s, and takes no address by it', async (_what, type) => {
    const { ask, pool } = givenDns(['example.com']);
    expect(await ask('example.com', { type })).toMatchObject({ rcode: NOERROR, answers: [] });
    expect(pool.nameOf('198.18.0.2')).toBeNull();
  });

  test.each([
    ['missing', NXDOMAIN],
    ['failed', SERVFAIL],
    [new Error('EAI_AGAIN'), SERVFAIL],
  ] as const)('that is %s has none, of any type', async (existence, rcode) => {
    const { ask, pool } = givenDns(['example.com'], { exists: { 'example.com': existence } });
    for (const type of [A, AAAA, 65])
      expect(await ask('example.com', { type })).toMatchObject({ rcode, answers: [] });
    expect(pool.nameOf('198.18.0.2')).toBeNull();
  });

  test('has none while every address is in use, and the others keep theirs', async () => {
    const { ask } = givenDns(['*.example.com'], { poolSize: 1 });
    expect((await ask('a.example.com')).answers).toEqual(ipv4(198, 18, 0, 2));
    expect(await ask('b.example.com')).toMatchObject({ rcode: SERVFAIL, answers: [] });
    expect((await ask('a.example.com')).answers).toEqual(ipv4(198, 18, 0, 2));
  });

  test('that is asked for by many at once is resolved once', async () => {
    const { ask, asked } = givenDns(['example.com'], { delay: () => sleep(10) });
    const types = [A, AAAA, 65, A, AAAA, 65];
    await Promise.all(types.map((type) => ask('example.com', { type })));
    await ask('EXAMPLE.com');
    expect(asked).toEqual(['example.com']);
  });
});

describe('any other name', () => {
  const entries = ['example.com', '*.example.net', '192.0.2.1', '!bad.example.net'];

  test.each([
    ['not listed', 'example.org', 'not-allowed'],
    ['below one that is', 'a.example.com', 'not-allowed'],
    ['denied', 'bad.example.net', 'denied-by-rule'],
    ['with a search domain behind it', 'example.com.corp.example', 'not-allowed'],
    ['of one label', 'single', 'not-allowed'],
    ['the root', '', 'malformed-host'],
    ['with a dot in its label', Buffer.from('\x0bexample.com\0'), 'malformed-host'],
    ['with a NUL', Buffer.from('\x09a.example\x03net\0'), 'malformed-host'],
    ['that looks like an address', '192.0.2.2', 'not-allowed'],
    ['like localhost', 'localhost.example.org', 'not-allowed'],
    ['like a reverse name', '2.0.18.198.in-addr.arpa.example.org', 'not-allowed'],
  ])('%s is refused, and nobody is asked for it', async (_what, name, reason) => {
    const { ask, asked, refused, pool } = givenDns(entries);
    for (const type of [A, AAAA, 65, 16, PTR])
      expect(await ask(name, { type })).toMatchObject({ rcode: REFUSED, answers: [] });
    expect(refused).toMatchObject([{ reason }]);
    expect([asked, pool.nameOf('198.18.0.2')]).toEqual([[], null]);
    expect(await ask('a.example.net')).toMatchObject({ rcode: NOERROR, answers: [{}] });
  });

  test('an address that is allowed is no name', async () => {
    const { ask, asked } = givenDns(entries);
    expect(await ask('192.0.2.1')).toMatchObject({ rcode: REFUSED, answers: [] });
    expect(asked).toEqual([]);
  });
});

describe('localhost', () => {
  test.each([
    'localhost',
    'LocalHost',
    'app.localhost',
    'a.b.LOCALHOST',
  ])('%s is this very sandbox, whatever the rules say', async (name) => {
    const { ask, asked, refused } = givenDns(['!*']);
    expect(await ask(name)).toMatchObject({ rcode: NOERROR, answers: ipv4(127, 0, 0, 1) });
    expect((await ask(name, { type: AAAA })).answers).toEqual(ipv6(`${'0'.repeat(31)}1`));
    expect(await ask(name, { type: 65 })).toMatchObject({ rcode: NOERROR, answers: [] });
    expect([asked, refused]).toEqual([[], []]);
    expect((await ask('notlocalhost')).rcode).toBe(REFUSED);
  });
});

describe('a reverse name', () => {
  const reverse6 = (hex: string) => `${[...hex].reverse().join('.')}.ip6.arpa`;

  test.each([
    ['IPv4', '2.0.18.198.in-addr.arpa', 'example.com'],
    ['IPv6', reverse6('fd737274000000000000000000000002'), 'example.com'],
    ['IPv4 loopback', '9.0.0.127.in-addr.arpa', 'localhost'],
    ['IPv6 loopback', reverse6(`${'0'.repeat(31)}1`), 'localhost'],
  ])('%s', async (_what, name, expected) => {
    const { ask, refused } = givenDns(['example.com']);
    await ask('example.com');
    expect(await ask(name, { type: PTR })).toMatchObject({
      rcode: NOERROR,
      answers: pointer(expected),
    });
    expect(await ask(name, { type: 16 })).toMatchObject({ rcode: NOERROR, answers: [] });
    expect(refused).toEqual([]);
  });

  test.each([
    ['a synthetic address of no name', '9.0.18.198.in-addr.arpa', NXDOMAIN],
    ['another address', '1.2.0.192.in-addr.arpa', REFUSED],
    ['another IPv6 address', reverse6('20010db8000000000000000000000001'), REFUSED],
    ['a whole zone', '18.198.in-addr.arpa', REFUSED],
  ])('%s', async (_what, name, rcode) => {
    const { ask, asked, refused } = givenDns(['example.com', '*.18.198.in-addr.arpa']);
    expect(await ask(name, { type: PTR })).toMatchObject({ rcode, answers: [] });
    expect([asked, refused]).toEqual([[], []]);
  });
});

describe('a message', () => {
  const { ask, answer, asked } = givenDns(['example.com']);

  test.each([
    ['ANY', { type: 255 }, REFUSED],
    ['AXFR', { type: 252 }, REFUSED],
    ['CHAOS', { class: 3 }, REFUSED],
    ['any class', { class: 255 }, REFUSED],
    ['NOTIFY', { flags: 4 << 11 }, NOTIMP],
    ['EDNS of the future', { edns: { version: 1, dnssecOk: true } }, BADVERS],
  ])('%s', async (_what, parts, rcode) => {
    asked.length = 0;
    expect(await ask('example.com', parts)).toMatchObject({ rcode, answers: [] });
    expect(asked).toEqual([]);
  });

  test('with EDNS is answered with EDNS', async () => {
    const edns = { udpBytes: 65535, dnssecOk: true };
    expect(await ask('example.com', { edns })).toMatchObject({
      rcode: NOERROR,
      answers: [{ type: A }],
      opt: { udpBytes: 1232, version: 0, dnssecOk: true },
    });
  });

  test('that is malformed is answered from its header', async () => {
    const bytes = query('example.com', { flags: 0 }).subarray(0, -1);
    const written = await answer(bytes, 'udp');
    expect(written?.toString('hex')).toBe('123480810000000000000000');
    expect(parseResponse(written ?? bytes).rcode).toBe(FORMERR);
  });

  test.each([
    ['an answer', query('example.com', { flags: 0x8180 })],
    ['too short', query('example.com').subarray(0, 11)],
    ['empty', Buffer.alloc(0)],
  ])('that is %s gets none', async (_what, bytes) => {
    expect(await answer(bytes, 'udp')).toBeNull();
    expect(await answer(bytes, 'tcp')).toBeNull();
  });
});

test('a decision that throws is a failure, not a rejection', async () => {
  const { answer } = createDnsService({
    decide: () => {
      throw new Error('bug');
    },
    resolve: async () => 'found',
    pool: createNamePool(),
    report: () => {},
  });
  const written = await answer(query('example.com'), 'udp');
  expect(written && parseResponse(written).rcode).toBe(SERVFAIL);
});
