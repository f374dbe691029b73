/* Tools that speak a protocol of their own: git, npm and psql, as they are. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Certificates, hasOpenssl, makeCertificates } from '../support/certificates.ts';
import { runInside, WITHOUT_PROXIES } from '../support/network-sandbox.ts';
import { requires } from '../support/requires.ts';
import { run, type Scratch, scratch } from '../support/srt.ts';
import { gitServer, npmRegistry, postgresServer } from './clients/servers.ts';
import { byUrl, type Client, clientTable, GLIBC, inPath } from './clients/table.ts';

let dir: Scratch;
let made: Certificates;
let head = '';

beforeAll(() => {
  dir = scratch();
  if (hasOpenssl) made = makeCertificates(dir, ['DNS:named.test', 'IP:127.0.0.1']);
  if (inPath('git')) head = makeRepository();
});
afterAll(() => dir.remove());

/** With a file in it and a commit; returns the commit. */
function makeRepository(): string {
  const repository = dir.folder('served/repo.git');
  const env = { PATH: process.env.PATH ?? '', HOME: dir.path };
  const git = (words: readonly string[], input = '') =>
    execFileSync('git', ['-C', repository, ...words], { input, env, encoding: 'utf8' }).trim();
  git(['init', '-q', '--bare']);
  git(['symbolic-ref', 'HEAD', 'refs/heads/main']);
  const blob = git(['hash-object', '-w', '--stdin'], 'the file of the repository\n');
  const tree = git(['mktree'], `100644 blob ${blob}\tfile\n`);
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const commit = git([...identity, 'commit-tree', '-m', 'first', tree]);
  git(['update-ref', 'refs/heads/main', commit]);
  return commit;
}

/** In a folder of its own, which is its home too. */
const alone = (script: string, ...words: string[]) => [
  ...[
    'sh',
    '-c',
    `d=$(mktemp -d) && trap 'rm -rf "$d"' EXIT && cd "$d" && export HOME="$d" && ${script}`,
  ],
  ...['sh', ...words],
];

const CLONE = 'git clone -q "$1" clone && cat clone/file && git -C clone rev-parse HEAD';
const git = (argv: Client['argv']): Client => ({
  needs: 'git',
  argv,
  /* Read when it is asked: the commit is made by then. */
  get said() {
    return new RegExp(`^the file of the repository\n${head}\n$`);
  },
  failedStatus: 128,
  refused: /Could not resolve host/,
  missing: /Could not resolve host/,
});
const HTTP = { 'git clone': git(byUrl((url) => alone(CLONE, `${url}/repo.git`))) };
clientTable('by git over http', HTTP, () => gitServer(dir.folder('served')));

const trusting = (url: string) => [
  ...['env', `GIT_SSL_CAINFO=${made.authority}`],
  ...alone(CLONE, `${url}/repo.git`),
];
const HTTPS = {
  'git clone': Object.assign(git(byUrl(trusting, 'https')), {
    complete: hasOpenssl,
    called: 'git and openssl',
  }),
};
clientTable('by git over https', HTTPS, () => gitServer(dir.folder('served'), made ?? null));

/** What npm would pack. */
function makePackage(): Buffer {
  dir.file('packed/package/package.json', '{ "name": "greeting", "version": "1.2.3" }\n');
  dir.file('packed/package/index.js', "module.exports = 'reached named';\n");
  const tarball = `${dir.path}/greeting.tgz`;
  execFileSync('tar', ['-czf', tarball, '-C', `${dir.path}/packed`, 'package']);
  return readFileSync(tarball);
}

const INSTALL = `npm install --no-audit --no-fund --no-update-notifier --fetch-retries=0 \\
  --loglevel=error --registry="$1" greeting && node -p 'require("greeting")'`;
const NPM: Record<string, Client> = {
  'npm install': {
    needs: 'npm',
    argv: byUrl((url) => alone(INSTALL, url)),
    said: /^reached named$/m,
    failedStatus: 1,
    refused: /EAI_AGAIN/,
    missing: /ENOTFOUND/,
  },
};
clientTable('from an npm registry', NPM, () => npmRegistry('greeting', '1.2.3', makePackage()));

const psql = (host: string, port: number) => [
  ...['psql', '-w', '-h', host, '-p', String(port), '-U', 'somebody', '-c', 'select 1', 'postgres'],
];
const PSQL: Record<string, Client> = {
  psql: {
    needs: 'psql',
    argv: psql,
    said: /FATAL: {2}reached named as somebody/,
    reachedStatus: 2,
    failedStatus: 2,
    ...GLIBC,
  },
};
clientTable('by the protocol of PostgreSQL', PSQL, () => postgresServer('named'));

describe('psql through network.forward', () => {
  const machine = requires('psql', inPath('psql'));
  const inside = (forward: string[], port: number) =>
    runInside({ network: { forward } }, [
      ...[...WITHOUT_PROXIES, 'sh', '-c', 'exec "$@" 2>&1', 'sh'],
      ...psql('127.0.0.1', port),
    ]);

  machine('the port that is forwarded: reached as outside, with no host allowed', async () => {
    const server = await postgresServer('forwarded');
    const outside = await run(psql('127.0.0.1', server.port));
    expect(outside).toMatchObject({ stderr: expect.stringMatching(/reached forwarded/), code: 2 });
    const ran = await inside([`host:${server.port} -> 5432`], 5432);
    expect(ran).toMatchObject({ stdout: expect.stringMatching(/reached forwarded/), code: 2 });
    expect(server.requests).toEqual(['somebody', 'somebody']);
    server.close();
  });

  machine('the port of the server itself: Connection refused, status 2', async () => {
    const server = await postgresServer('forwarded');
    const ran = await inside([`host:${server.port} -> 5432`], server.port);
    expect(ran).toMatchObject({ stdout: expect.stringMatching(/Connection refused/), code: 2 });
    expect(server.requests).toEqual([]);
    server.close();
  });
});
