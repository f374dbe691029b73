import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  BLOCKED,
  connectTo,
  converse,
  getFrom,
  SOCKS_BLOCKED,
  socksName,
  verdict,
} from '../escape/support/gate-client.ts';
import { type ParentProxy, parentProxy } from '../support/parent-proxy.ts';
import { requires } from '../support/requires.ts';
import { type HttpServer, httpServer } from '../support/servers.ts';
import { run, type Scratch, SRT, scratch, srt } from '../support/srt.ts';

const PASSWORD = 's3cr:t@x';
const ENCODED = 's3cr%3At%40x';
const NAME = 'allowed.invalid';

const TALKS = [
  connectTo(`${NAME}:443`),
  getFrom(`http://${NAME}/path?query`),
  getFrom(`http://${NAME}:8080/`),
  socksName(NAME, 22),
];
const ASKED = [
  `CONNECT ${NAME}:22`,
  `CONNECT ${NAME}:443`,
  `GET http://${NAME}/path?query`,
  `GET http://${NAME}:8080/`,
];

let dir: Scratch;
let proxy: ParentProxy;
beforeEach(async () => {
  dir = scratch();
  proxy = await parentProxy({ credentials: `me:${PASSWORD}` });
});
afterEach(async () => {
  await proxy.close();
  dir.remove();
});

const urlOf = (port: number, password = ENCODED) => `http://me:${password}@127.0.0.1:${port}`;
const settingsWith = (parent: unknown, allowedDomains = [NAME]) =>
  dir.settings({ network: { allowedDomains, ...(parent ? { parentProxy: parent } : {}) } });

/** The caller's environment without a proxy of the machine that runs the test. */
function environment(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name));
  return { ...Object.fromEntries(kept), ...variables };
}

async function verdicts(settings: string, variables: Record<string, string> = {}, talks = TALKS) {
  const env = environment(variables);
  return (await converse(talks, ['-s', settings], { env })).map(verdict);
}

describe('a parent proxy', () => {
  const unresolved = ['502', '502', '502', 'socks 4'];

  test('that is not named is not used, and the name does not resolve: the control', async () => {
    expect(await verdicts(settingsWith(null))).toEqual(unresolved);
    expect(proxy.asked).toEqual([]);
  });

  test('of the settings gets the names that are allowed, by each protocol', async () => {
    const settings = settingsWith({ http: urlOf(proxy.port) });
    expect(await verdicts(settings)).toEqual(Array(4).fill('reached proxy'));
    expect([...proxy.asked].sort()).toEqual(ASKED);
  });

  test('of the environment too, where the settings name none', async () => {
    const variables = { HTTP_PROXY: urlOf(proxy.port), https_proxy: urlOf(proxy.port) };
    expect(await verdicts(settingsWith(null), variables)).toEqual(Array(4).fill('reached proxy'));
    const off = await verdicts(settingsWith({ noProxy: '*' }), variables);
    expect(off).toEqual(unresolved);
    expect(proxy.asked).toHaveLength(4);
  });

  test('is the way of programs that know of no proxy too, for names that only it resolves', async () => {
    const settings = settingsWith({ http: urlOf(proxy.port) });
    const ask = (host: string) =>
      srt(['-s', settings, 'curl', '-s', '--noproxy', '*', `http://${host}:8080/`], {
        env: environment(),
      });
    expect((await ask(NAME)).stdout).toContain('reached proxy');
    expect(proxy.asked).toEqual([`CONNECT ${NAME}:8080`]);
    expect((await ask('other.invalid')).stdout).toBe('');
    expect(proxy.asked).toHaveLength(1);
  });

  test('of a CGI request is not used (httpoxy)', async () => {
    const variables = { REQUEST_METHOD: 'GET', HTTP_PROXY: urlOf(proxy.port) };
    expect(await verdicts(settingsWith(null), variables)).toEqual(unresolved);
    expect(proxy.asked).toEqual([]);
  });

  test('never sees what is refused', async () => {
    const settings = settingsWith({ http: urlOf(proxy.port) });
    const talks = [
      connectTo('other.invalid:443'),
      getFrom('http://other.invalid/'),
      socksName('other.invalid', 443),
    ];
    expect(await verdicts(settings, {}, talks)).toEqual([BLOCKED, BLOCKED, SOCKS_BLOCKED]);
    expect(proxy.asked).toEqual([]);
  });

  test('is not asked for what is on this machine', async () => {
    const server: HttpServer = await httpServer('server');
    const local = [`127.0.0.1:${server.port}`, `localhost:${server.port}`];
    const settings = settingsWith({ http: urlOf(proxy.port), noProxy: '' }, local);
    const talks = local.flatMap((to) => [connectTo(to), getFrom(`http://${to}/`)]);
    expect(await verdicts(settings, {}, talks)).toEqual(Array(4).fill('reached server'));
    expect(proxy.asked).toEqual([]);
    await server.close();
  });

  test.each([
    ['a wrong password', (port: number) => urlOf(port, 'wr0ng'), 'HTTP 407'],
    ['nobody listening', () => 'http://me:wr0ng@127.0.0.1:1', 'ECONNREFUSED'],
  ])('%s: the answer names the proxy and the reason, and no password', async (_what, url, why) => {
    const typed = url(proxy.port);
    const [answer = ''] = await converse(
      [TALKS[0] as never],
      ['-s', settingsWith({ http: typed })],
    );
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    const shown = typed.replace('me:wr0ng@', '');
    expect(answer).toContain(
      `srt: ${NAME}:443 is allowed but cannot be reached through the parent proxy ${shown} (${why}).`,
    );
    expect(answer).not.toContain('wr0ng');
  });

  test('has credentials that nothing inside and no message shows', async () => {
    const url = urlOf(proxy.port);
    const settings = settingsWith({ http: url });
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'npm_config_proxy'];
    const env = environment(Object.fromEntries(names.map((name) => [name, url])));
    /* All that the command has of srt: its environment, and what can be seen in /proc. */
    const script =
      'env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null; ' +
      `curl -s -o /dev/null http://${NAME}/; curl -s -o /dev/null https://${NAME}/`;
    const line = ['-s', settings, '--debug', '-c', script];
    const { stdout, stderr } = await run([SRT, ...line], { env });
    expect(stderr).toContain(
      `connected http ${NAME} port 80 through http://127.0.0.1:${proxy.port} `,
    );
    expect(proxy.asked).toContain(`GET http://${NAME}/`);
    for (const secret of [PASSWORD, ENCODED, Buffer.from(`me:${PASSWORD}`).toString('base64')]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });
});

describe('settings with credentials in them', () => {
  const read = async (settings: string) => (await srt(['-s', settings, 'cat', settings])).stdout;
  const url = 'http://me:s3cret@proxy.example.com';

  test.each(['http', 'https', 'all'])('cannot be read inside: %s', async (key) => {
    expect(await read(settingsWith({ [key]: url }))).toBe('');
    expect(await read(settingsWith({ [key]: 'http://proxy.example.com' }))).toContain('example');
  });

  test('can be where allowRead names them', async () => {
    const path = join(dir.path, 'opened.json');
    const network = { parentProxy: { http: url } };
    dir.file('opened.json', JSON.stringify({ network, filesystem: { allowRead: [path] } }));
    expect(await read(path)).toContain('s3cret');
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
requires('openssl', hasOpenssl)(
  'a proxy of https:// needs a certificate that is trusted',
  async () => {
    const [key, cert] = [join(dir.path, 'key.pem'), join(dir.path, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'];
    const subject = ['-subj', '/CN=proxy', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    const read = (file: string) => execFileSync('cat', [file], { encoding: 'utf8' });
    const tls = await parentProxy({ tls: { key: read(key), cert: read(cert) } });
    const settings = settingsWith({ http: `https://127.0.0.1:${tls.port}` });
    const [answer = ''] = await converse([TALKS[0] as never], ['-s', settings], {
      env: environment(),
    });
    expect(answer).toContain('(DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(tls.asked).toEqual([]);
    const trusted = await verdicts(settings, { NODE_EXTRA_CA_CERTS: cert });
    expect(trusted).toEqual(Array(4).fill('reached proxy'));
    /* Enough for every way in which a tunnel reads; and what ends badly must not end srt. */
    const curl = 'curl -s -p --noproxy "" -x "$HTTP_PROXY"';
    const big = `${curl} http://${NAME}:8080/bytes/8000000 | wc -c`;
    const reset = `for i in 1 2 3; do timeout -s KILL 0.2 ${curl} http://${NAME}/reset; done`;
    const env = environment({ NODE_EXTRA_CA_CERTS: cert });
    const script = `${reset}; ${big}`;
    const { code, stdout, stderr } = await srt(['-s', settings, '-c', script], { env });
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: '8000013' });
    expect(stderr).not.toContain('internal');
    await tls.close();
  },
);
