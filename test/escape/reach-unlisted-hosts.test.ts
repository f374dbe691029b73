/* Threat: an empty allow list read as "no restriction" (CVE-2025-66479), or one protocol of the
 * gate that does not ask. Whatever is not allowed is refused, by each protocol alike. */
import { type HttpServer, httpServer } from '../support/servers.ts';
import { type Scratch, scratch, srt } from '../support/srt.ts';
import {
  BLOCKED,
  connectTo,
  converse,
  direct,
  getFrom,
  SOCKS_BLOCKED,
  socksAddress,
  socksName,
  verdict,
} from './support/gate-client.ts';

const POLICIES: readonly (readonly [name: string, settings: unknown])[] = [
  ['no network key', {}],
  ['an empty network', { network: {} }],
  ['an empty allow list', { network: { allowedDomains: [] } }],
  ['only a deny list', { network: { deniedDomains: ['other.test'] } }],
  ['another host', { network: { allowedDomains: ['other.test', '127.0.0.2', '*.other.test'] } }],
  ['another port', { network: { allowedDomains: ['127.0.0.1:1', '[::1]:1', 'localhost:1'] } }],
  ['a deny of everything', { network: { allowedDomains: ['127.0.0.1'], deniedDomains: ['*'] } }],
];

const MAPPED = [...Array(10).fill(0), 255, 255, 127, 0, 0, 1];

const protocols = (port: number) => [
  { name: 'CONNECT', talk: connectTo(`127.0.0.1:${port}`), refusal: BLOCKED },
  { name: 'an absolute URI', talk: getFrom(`http://127.0.0.1:${port}/`), refusal: BLOCKED },
  { name: 'SOCKS5 by IPv4', talk: socksAddress([127, 0, 0, 1], port), refusal: SOCKS_BLOCKED },
  { name: 'SOCKS5 by IPv6', talk: socksAddress(MAPPED, port), refusal: SOCKS_BLOCKED },
  { name: 'SOCKS5 by name', talk: socksName('127.0.0.1', port), refusal: SOCKS_BLOCKED },
];
const NAMES = protocols(0).map(({ name, refusal }, index) => ({ name, refusal, index }));

describe('a server of the host', () => {
  let dir: Scratch;
  let server: HttpServer;
  beforeAll(async () => {
    dir = scratch();
    server = await httpServer('server');
  });
  afterAll(async () => {
    await server.close();
    dir.remove();
  });

  test('is reached from outside: the control', async () => {
    const [answer] = await converse([direct(server.port)], null);
    expect(verdict(answer)).toBe('reached server');
  });

  describe('that is allowed', () => {
    let answers: string[];
    beforeAll(async () => {
      const settings = dir.settings({ network: { allowedDomains: [`127.0.0.1:${server.port}`] } });
      const talks = protocols(server.port).map(({ talk }) => talk);
      answers = await converse(talks, ['-s', settings]);
    });
    test.each(NAMES)('is reached by $name', ({ index }) => {
      expect(verdict(answers[index])).toBe('reached server');
    });
  });

  describe.each(POLICIES)('where the settings have %s', (_name, policy) => {
    let answers: string[];
    let arrived: number;
    beforeAll(async () => {
      const before = server.requests.length;
      const talks = protocols(server.port).map(({ talk }) => talk);
      answers = await converse(talks, ['-s', dir.settings(policy)]);
      arrived = server.requests.length - before;
    });
    test.each(NAMES)('is refused by $name', ({ index, refusal }) => {
      expect(verdict(answers[index])).toBe(refusal);
    });
    test('has heard nothing', () => expect(arrived).toBe(0));
  });
});

test.each([
  ['null', { network: { allowedDomains: null } }],
  ['a text', { network: { allowedDomains: '127.0.0.1' } }],
  ['every host of a domain', { network: { allowedDomains: ['*.test'] } }],
  ['an empty text', { network: { allowedDomains: [''] } }],
])('an allow list that is %s is refused, not guessed', async (_name, policy) => {
  const dir = scratch();
  expect((await srt(['-s', dir.settings(policy), 'true'])).code).toBe(125);
  expect((await srt(['-s', dir.settings({ network: {} }), 'true'])).code).toBe(0);
  dir.remove();
});

test.each([
  ['BIND', 2],
  ['UDP ASSOCIATE', 3],
])('SOCKS5 %s is not offered, whatever is allowed', async (_name, command) => {
  const dir = scratch();
  const settings = dir.settings({ network: { allowedDomains: ['127.0.0.1'] } });
  const { send } = socksAddress([127, 0, 0, 1], 9);
  const other = `${send.slice(0, 4)}${String.fromCharCode(command)}${send.slice(5)}`;
  const [answer] = await converse([{ to: 'socks', send: other }], ['-s', settings]);
  expect(verdict(answer)).toBe('socks 7');
  dir.remove();
});
