/* Names asked for by the resolver of the C library, over UDP and over TCP. The name service has one
 * address for a name, which always fits: no answer of it is ever cut off over UDP, and who comes by
 * TCP was told to by its own settings. */
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { requires } from '../support/requires.ts';
import { run } from '../support/srt.ts';
import { askInside, CLIENTS } from './clients/table.ts';
import { type TruncatingDnsServer, truncatingDnsServer } from './dns-server.ts';

/* Before glibc 2.34 the functions are in a library of their own. */
const LIBRARY = ['-Wl,--no-as-needed', '-lresolv'];
const QUERY = buildC(join(CLIENTS, 'res-query.c'), 'cc', LIBRARY);
const machine = requires('a C compiler', QUERY !== null);
const query = (...words: string[]) => [QUERY ?? '', ...words];

const refusal = expect.objectContaining({
  ...{ type: 'refused', protocol: 'dns', host: 'unlisted.test', reason: 'not-allowed' },
});

/* glibc goes on to another server after REFUSED over UDP, and gives up over TCP. */
describe.each([
  ['udp', 'TRY_AGAIN'],
  ['tcp', 'NO_RECOVERY'],
])('res_nquery over %s', (transport, refused) => {
  machine('allowed: the address that stands for the name', async () => {
    const ran = await askInside(query('named.test', transport));
    expect(ran).toMatchObject({ stdout: '198.18.0.2\n', code: 0, resolved: ['named.test'] });
  });

  machine(`refused: ${refused}`, async () => {
    const ran = await askInside(query('unlisted.test', transport));
    expect(ran).toMatchObject({ stdout: `${refused}\n`, code: 1, resolved: [] });
    expect(ran.events).toContainEqual(refusal);
  });

  machine('no such host: HOST_NOT_FOUND', async () => {
    const ran = await askInside(query('missing.test', transport));
    expect(ran).toMatchObject({ stdout: 'HOST_NOT_FOUND\n', code: 1, resolved: ['missing.test'] });
  });
});

describe('the same program outside: the control', () => {
  let server: TruncatingDnsServer;
  beforeEach(async () => {
    server = await truncatingDnsServer();
  });
  afterEach(() => server.close());

  machine.each([
    ['udp', ['udp', 'tcp']],
    ['tcp', ['tcp']],
  ])(
    'over %s it asks by %j where answers are cut off',
    async (transport: string, asked: string[]) => {
      const outside = await run(query('named.test', transport, String(server.port)));
      expect(outside).toMatchObject({ stdout: '192.0.2.1\n', code: 0 });
      expect(server.asked).toEqual(asked);
    },
  );
});
