/* Programs as they are, without any proxy variable: each with a host that is allowed, one that is
 * not, and one that is allowed and does not exist. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { runInside, WITHOUT_PROXIES } from '../support/network-sandbox.ts';
import { requires } from '../support/requires.ts';
import { type HttpServer, httpServer } from '../support/servers.ts';
import { ROOT, run } from '../support/srt.ts';

const CLIENTS = join(ROOT, 'test', 'scenarios', 'clients');
const MUSL = buildC(join(CLIENTS, 'musl.c'), 'musl-gcc', ['-static']);

const nodeScript = (script: string) => (url: string) => [process.execPath, '-e', script, url];
const [GET_BY_FETCH, GET_BY_HTTP, GET_BY_CARES] = [
  `fetch(process.argv[1]).then((a) => a.text()).then(console.log,
    (e) => { console.log(e.cause ?? e); process.exit(1); })`,
  `require('node:http').get(process.argv[1], (a) => a.pipe(process.stdout))
    .on('error', (e) => { console.log(e); process.exit(1); })`,
  `const url = new URL(process.argv[1]);
   require('node:dns').resolve4(url.hostname, (e, [address] = []) => {
     if (e) { console.log(e); process.exit(1); }
     require('node:http').get({ host: address, port: url.port }, (a) => a.pipe(process.stdout)); })`,
];
const GET_BY_PYTHON = `
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1]).read().decode())`;

interface Client {
  /** A program that it needs: a path, or a name in PATH; null when it cannot be built. */
  needs: string | null;
  argv(url: string): string[];
  /** What it says of a host that is refused, and of one that does not exist. */
  refused: RegExp;
  missing: RegExp;
  /** What it prints of an answer, where that is not the answer itself. */
  said?: RegExp;
  /** It takes names alone, and outside there are none. */
  insideAlone?: true;
}

const parts = (url: string) => [new URL(url).hostname, new URL(url).port] as const;

const TABLE: Record<string, Client> = {
  curl: {
    needs: 'curl',
    argv: (url) => ['curl', '-sS', url],
    refused: /Could not resolve host/,
    missing: /Could not resolve host/,
  },
  wget: {
    needs: 'wget',
    argv: (url) => ['wget', '-t1', '-O-', url],
    refused: /unable to resolve host address/,
    missing: /unable to resolve host address/,
  },
  'fetch of Node': {
    needs: process.execPath,
    argv: nodeScript(GET_BY_FETCH),
    refused: /EAI_AGAIN/,
    missing: /ENOTFOUND/,
  },
  'http of Node': {
    needs: process.execPath,
    argv: nodeScript(GET_BY_HTTP),
    refused: /EAI_AGAIN/,
    missing: /ENOTFOUND/,
  },
  'c-ares of Node': {
    needs: process.execPath,
    argv: nodeScript(GET_BY_CARES),
    insideAlone: true,
    refused: /EREFUSED/,
    missing: /ENOTFOUND/,
  },
  'urllib of Python': {
    needs: '/usr/bin/python3',
    argv: (url) => ['/usr/bin/python3', '-c', GET_BY_PYTHON, url],
    refused: /Temporary failure in name resolution/,
    missing: /Name or service not known/,
  },
  'HttpClient of Java': {
    needs: 'java',
    argv: (url) => ['java', '-Xint', '-XX:TieredStopAtLevel=1', join(CLIENTS, 'Fetch.java'), url],
    refused: /ConnectException|UnresolvedAddress/,
    missing: /ConnectException|UnresolvedAddress/,
  },
  'a static musl program': {
    needs: MUSL,
    argv: (url) => [MUSL ?? '', ...parts(url)],
    refused: /Try again/,
    missing: /Name does not resolve/,
  },
  bash: {
    needs: '/bin/bash',
    argv: (url) => {
      const [host, port] = parts(url);
      const get = `printf 'GET / HTTP/1.0\\r\\nhost: x\\r\\n\\r\\n' >&3; cat <&3`;
      return ['/bin/bash', '-c', `exec 3<>/dev/tcp/${host}/${port}; ${get}`];
    },
    refused: /Temporary failure in name resolution/,
    missing: /Name or service not known/,
  },
  'git over http': {
    needs: 'git',
    argv: (url) => ['git', 'ls-remote', `${url}/repo.git`],
    /* The server has no repository, and so no references to list. */
    said: /^$/,
    refused: /Could not resolve host/,
    missing: /Could not resolve host/,
  },
};

function inPath(program: string): boolean {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const NAMES = { 'named.test': ['127.0.0.1'], 'unlisted.test': ['127.0.0.1'] };
/* The address is listed because it is one of this machine, to which a name alone does not lead. */
const NETWORK = { allowedDomains: ['named.test', 'missing.test', '127.0.0.1'] };

/** With both streams in one: clients complain on standard error. */
const merged = (argv: readonly string[]) => ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv];

function ask(argv: readonly string[]) {
  const words = [...WITHOUT_PROXIES, ...merged(argv)];
  return runInside({ network: NETWORK, names: NAMES }, words);
}

let server: HttpServer;
beforeAll(async () => {
  server = await httpServer('named');
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

describe.each(Object.entries(TABLE))('%s', (name, client) => {
  const present = client.needs !== null && inPath(client.needs);
  /* Half of a gigabyte to install, so it is tried where it is at hand. */
  const test_ =
    name.endsWith('Java') && !present
      ? test.skip
      : requires(client.needs ?? `a compiler for ${name}`, present);

  test_('reaches an allowed host, as it reaches any outside', async () => {
    const said = client.said ?? /reached named/;
    const url = (host: string) => `http://${host}:${server.port}`;
    const inside = await ask(client.argv(url('named.test')));
    expect(inside.stdout).toMatch(said);
    const insideRequests = server.requests.splice(0).length;
    expect(insideRequests).toBeGreaterThan(0);
    if (client.insideAlone) return;
    const outside = await run(merged(client.argv(url('127.0.0.1'))));
    expect(outside.stdout).toMatch(said);
    expect(server.requests).toHaveLength(insideRequests);
  });

  test_('does not reach a host that is not listed', async () => {
    const argv = client.argv(`http://unlisted.test:${server.port}`);
    const { stdout, resolved, events } = await ask(argv);
    expect(stdout).toMatch(client.refused);
    expect(resolved).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'refused', protocol: 'dns', host: 'unlisted.test' }),
    );
    expect(server.requests).toEqual([]);
  });

  test_('is told that a host does not exist', async () => {
    const argv = client.argv(`http://missing.test:${server.port}`);
    const { stdout, resolved, events } = await ask(argv);
    expect(stdout).toMatch(client.missing);
    expect(resolved).toContain('missing.test');
    expect(events.filter(({ type }) => type === 'refused')).toEqual([]);
  });
});
