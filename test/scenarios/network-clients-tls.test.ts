/* Programs as they are that ask by TLS, with an authority of the test's own, and what becomes of one
 * that asks for another server inside of a tunnel to an allowed host. */
import { createServer } from 'node:https';
import { type Certificates, hasOpenssl, makeCertificates } from '../support/certificates.ts';
import { requires } from '../support/requires.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import { listenOn } from './clients/servers.ts';
import {
  askInside,
  askOutside,
  byUrl,
  type Client,
  clientTable,
  GLIBC,
  hasRequests,
  inPath,
  nodeScript,
  type Origin,
  PYTHON,
} from './clients/table.ts';

const HIDDEN = 'hidden.test';

let dir: Scratch;
let made: Certificates;
beforeAll(() => {
  if (!hasOpenssl) return;
  dir = scratch();
  made = makeCertificates(dir, ['DNS:named.test', `DNS:${HIDDEN}`, 'IP:127.0.0.1']);
});
afterAll(() => dir?.remove());

/** Remembers the server name of each request. */
async function httpsServer(): Promise<Origin> {
  if (!hasOpenssl) return { port: 0, requests: [], close: () => {} };
  const requests: unknown[] = [];
  const server = createServer({ key: made.key, cert: made.cert }, (request, response) => {
    requests.push((request.socket as { servername?: unknown }).servername);
    response.end('reached named\n');
  });
  return { port: await listenOn(server), requests, close: () => server.close() };
}

const [GET_BY_FETCH, GET_BY_URLLIB, GET_BY_REQUESTS] = [
  `fetch(process.argv[1]).then((a) => a.text()).then(console.log,
    (e) => { console.log(e.cause ?? e); process.exit(1); })`,
  'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())',
  'import sys, requests; print(requests.get(sys.argv[1]).text)',
];
/** A program that is told of the authority by a variable. */
const trusting = (variable: string, argv: (url: string) => readonly string[]) =>
  byUrl((url) => ['env', `${variable}=${made.authority}`, ...argv(url)], 'https');
const python = (script: string) => (url: string) => [PYTHON, '-c', script, url];
const called = (program: string) => ({ complete: hasOpenssl, called: `${program} and openssl` });
const TABLE: Record<string, Client> = {
  curl: {
    needs: 'curl',
    ...called('curl'),
    argv: byUrl((url) => ['curl', '-sS', '--cacert', made.authority, url], 'https'),
    failedStatus: 6,
    refused: /Could not resolve host/,
    missing: /Could not resolve host/,
  },
  wget: {
    needs: 'wget',
    ...called('wget'),
    argv: byUrl(
      (url) => ['wget', '-t1', '-O-', `--ca-certificate=${made.authority}`, url],
      'https',
    ),
    failedStatus: 4,
    refused: /unable to resolve host address/,
    missing: /unable to resolve host address/,
  },
  'fetch of Node (undici)': {
    needs: process.execPath,
    ...called('Node'),
    argv: trusting('NODE_EXTRA_CA_CERTS', nodeScript(GET_BY_FETCH)),
    failedStatus: 1,
    refused: /EAI_AGAIN/,
    missing: /ENOTFOUND/,
  },
  'urllib of Python': {
    needs: PYTHON,
    ...called('Python'),
    argv: trusting('SSL_CERT_FILE', python(GET_BY_URLLIB)),
    failedStatus: 1,
    ...GLIBC,
  },
  'requests of Python': {
    needs: PYTHON,
    complete: hasOpenssl && hasRequests(),
    called: 'the requests module of Python, and openssl',
    argv: trusting('REQUESTS_CA_BUNDLE', python(GET_BY_REQUESTS)),
    failedStatus: 1,
    ...GLIBC,
  },
};

clientTable('by https', TABLE, httpsServer);

describe('curl inside of a tunnel to an allowed host, asking for another server', () => {
  const machine = requires('curl and openssl', inPath('curl') && hasOpenssl);
  const curl = (...words: string[]) => ['curl', '-sS', '--cacert', made.authority, ...words];
  let server: Origin;
  beforeAll(async () => {
    server = await httpsServer();
  });
  afterAll(() => server?.close());
  beforeEach(() => {
    server.requests.length = 0;
  });

  const connectTo = (to: string, name = HIDDEN) =>
    curl(
      '--connect-to',
      `${name}:${server.port}:${to}:${server.port}`,
      `https://${name}:${server.port}`,
    );
  /** By the address that stands for the allowed name. */
  const resolveTo = (to: string, name = HIDDEN) => [
    ...[
      'sh',
      '-c',
      'a=$(getent ahosts "$1" | grep -om1 "^[0-9.]\\{7,\\}") && shift && exec "$@" --resolve "$0:$a"',
    ],
    ...[`${name}:${server.port}`, to],
    ...curl(`https://${name}:${server.port}`),
  ];

  describe.each([
    ['--connect-to', connectTo],
    ['--resolve', resolveTo],
  ] as const)('%s', (_option, argv) => {
    machine('the name of the allowed host: reached', async () => {
      const ran = await askInside(argv('named.test', 'named.test'));
      expect(ran).toMatchObject({ stdout: 'reached named\n', code: 0 });
      expect(server.requests).toEqual(['named.test']);
    });

    machine(
      'another name: alert access denied, status 35, where outside it is reached',
      async () => {
        const outside = await askOutside(argv('127.0.0.1'));
        expect(outside).toMatchObject({ stdout: 'reached named\n', code: 0 });
        expect(server.requests.splice(0)).toEqual([HIDDEN]);
        const ran = await askInside(argv('named.test'));
        expect(ran).toMatchObject({ stdout: expect.stringMatching(/access denied/), code: 35 });
        expect(ran.events.filter(({ type }) => type === 'refused')).toEqual([
          expect.objectContaining({ protocol: 'tls', host: HIDDEN, reason: 'not-allowed' }),
        ]);
        expect(server.requests).toEqual([]);
      },
    );
  });
});
