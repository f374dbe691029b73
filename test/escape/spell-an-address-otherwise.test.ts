/* Threat: the matcher and the dialler read one address differently: 0x7f000001, 2130706433, 127.1
 * and ::ffff:127.0.0.1 all are 127.0.0.1 to connect(2). All are decided alike, and what only looks
 * like it is another address. */
import { type HttpServer, httpServer } from '../support/servers.ts';
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

const SAME = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0X7F.0.0.1',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.0x1',
  '127.00.000.0001',
];
const SAME_V6 = [
  '[::ffff:127.0.0.1]',
  '[::FFFF:7F00:1]',
  '[::ffff:7f00:0001]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[0000:0000:0000:0000:0000:ffff:7f00:0001]',
];
const SAME_UNICODE = ['１２７.0.0.1', '127。0。0。1', '①②⑦.0.0.1'];
const OTHER = [
  '127.0.0.2',
  '127.2',
  '0.0.0.0',
  '0',
  '2130706434',
  '4294967296',
  '256.0.0.1',
  '127.0.0.1.1',
  '127.0.0.256',
  '0x',
  '127.0.0.0x',
  '127.0.0.1.evil.test',
];
const OTHER_V6 = [
  '[::1]',
  '[::]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[::ffff:127.0.0.2]',
  '[::ffff:127.0.0.1%25lo]',
];

const bare = (host: string) => host.replace(/^\[|\]$/g, '');

describe('a server at 127.0.0.1', () => {
  let dir: Scratch;
  let server: HttpServer;
  const seen = new Map<string, string[]>();
  const hosts = [...SAME, ...SAME_V6, ...OTHER, ...OTHER_V6];

  async function ask(key: string, rule: Record<string, string[]>): Promise<void> {
    const options = ['-s', dir.settings({ network: rule })];
    const { port } = server;
    const talks = [
      ...hosts.flatMap((host) => [
        connectTo(`${host}:${port}`),
        getFrom(`http://${host}:${port}/`),
        socksName(bare(host), port),
      ]),
      ...SAME_UNICODE.map((host) => socksName(utf8(host), port)),
    ];
    const verdicts = (await converse(talks, options)).map(verdict);
    for (const host of hosts) seen.set(`${key} ${host}`, verdicts.splice(0, 3));
    for (const host of SAME_UNICODE) seen.set(`${key} ${host}`, verdicts.splice(0, 1));
  }

  beforeAll(async () => {
    dir = scratch();
    server = await httpServer('server');
    await ask('allowed', { allowedDomains: [`127.0.0.1:${server.port}`] });
    await ask('allowed as 0x7f.1', { allowedDomains: [`0x7f.1:${server.port}`] });
    await ask('denied as 127.1', {
      allowedDomains: ['127.0.0.1', '[::ffff:127.0.0.1]'],
      deniedDomains: ['127.1'],
    });
  });
  afterAll(async () => {
    await server.close();
    dir.remove();
  });

  const reached = ['reached server', 'reached server', 'reached server'];
  const blocked = [BLOCKED, BLOCKED, SOCKS_BLOCKED];

  describe.each(['allowed', 'allowed as 0x7f.1'])('that is %s', (key) => {
    test.each([...SAME, ...SAME_V6])('is reached as %s', (host) => {
      expect(seen.get(`${key} ${host}`)).toEqual(reached);
    });
    test.each(SAME_UNICODE)('is reached as %s', (host) => {
      expect(seen.get(`${key} ${host}`)).toEqual(['reached server']);
    });
    test.each([...OTHER, ...OTHER_V6])('is not meant by %s', (host) => {
      expect(seen.get(`${key} ${host}`)).toEqual(blocked);
    });
  });

  describe('that is denied as 127.1', () => {
    test.each([...SAME, ...SAME_V6])('is refused as %s', (host) => {
      expect(seen.get(`denied as 127.1 ${host}`)).toEqual(blocked);
    });
    test.each(SAME_UNICODE)('is refused as %s', (host) => {
      expect(seen.get(`denied as 127.1 ${host}`)).toEqual([SOCKS_BLOCKED]);
    });
  });
});
