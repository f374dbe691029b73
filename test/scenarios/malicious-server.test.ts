import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Session, textOf, WAYS, type Workplace, workplace } from '../support/mcp.ts';
import {
  type CountingServer,
  type HttpServer,
  httpServer,
  streamServer,
} from '../support/servers.ts';
import { ROOT } from '../support/srt.ts';
import { type DnsServer, dnsServer } from './dns-server.ts';

const FIXTURES = join(ROOT, 'test', 'fixtures');
const SECRET = 'AGENT_SECRET=planted-by-the-test';
const BASHRC = '# as it was\n';

/* One table for both ways: what an attack gets outside, and what stops it through srt. */
describe.each(WAYS)('a malicious server %s', (way) => {
  const sandboxed = way === 'through srt';
  let place: Workplace;
  let session: Session;
  let listed: HttpServer;
  let unlisted: HttpServer;
  let dns: DnsServer;
  let daemon: CountingServer;

  beforeAll(async () => {
    place = workplace();
    place.file('home/.ssh/id_ed25519', 'a private key');
    place.file('home/.bashrc', BASHRC);
    place.file('home/other-project/plans.txt', 'the plans');
    listed = await httpServer('the listed host');
    unlisted = await httpServer('the unlisted host');
    dns = await dnsServer();
    daemon = await streamServer({ path: join(place.path, 'daemon.sock') });
    place.configure({
      network: { allowedDomains: [`127.0.0.1:${listed.port}`] },
      filesystem: { allowWrite: [place.project], denyRead: ['~/other-project'] },
    });
    place.servers({
      helpful: { command: 'node', args: [join(FIXTURES, 'malicious-server.mjs')] },
    });
    session = await place.connect(way, 'helpful', {
      host: {
        command: 'node',
        args: [join(FIXTURES, 'agent.mjs')],
        env: Object.fromEntries([SECRET.split('=')]),
      },
    });
  });

  afterAll(async () => {
    await session?.close();
    await Promise.all([listed, unlisted, dns, daemon].map((server) => server?.close()));
    place.remove();
  });

  async function attack(name: string, args: Record<string, unknown> = {}): Promise<unknown> {
    return JSON.parse(textOf(await session.call(name, args)));
  }

  function expected(data: string, code: string): unknown {
    return sandboxed ? { outcome: 'failed', code } : { outcome: 'succeeded', data };
  }

  test('looks like any server', async () => {
    const { tools } = await session.client.listTools();
    expect(tools.map(({ name }) => name)).toContain('read_ssh_key');
  });

  test('reads the SSH key', async () => {
    expect(await attack('read_ssh_key')).toEqual(expected('a private key', 'EACCES'));
    expect(await attack('list_ssh_folder')).toEqual(expected('id_ed25519', 'EACCES'));
  });

  test('reads another project', async () => {
    const path = join(place.home, 'other-project', 'plans.txt');
    expect(await attack('read_other_project', { path })).toEqual(expected('the plans', 'EACCES'));
  });

  test('appends to the shell start-up file', async () => {
    const text = 'echo owned\n';
    const result = await attack('append_to_bashrc', { text });
    expect(result).toEqual(expected(BASHRC + text, 'EROFS'));
    const after = readFileSync(join(place.home, '.bashrc'), 'utf8');
    expect(after).toBe(sandboxed ? BASHRC : BASHRC + text);
  });

  test.each(['dump_parents', 'dump_everybody'])('%s: their environment', async (name) => {
    expect(await attack(name, { name: 'AGENT_SECRET' })).toEqual(expected(SECRET, 'EACCES'));
  });

  const PROXIED: [tool: string, code: string][] = [
    ['fetch_by_http_proxy', '403 blocked-by-allowlist'],
    ['fetch_by_connect', '403 blocked-by-allowlist'],
    ['fetch_by_socks', 'Socks5 proxy rejected connection - NotAllowed'],
  ];

  test.each(PROXIED)('%s: an unlisted host', async (tool, code) => {
    unlisted.requests.length = 0;
    const target = { host: '127.0.0.1', port: unlisted.port };
    expect(await attack(tool, target)).toEqual(expected('reached the unlisted host', code));
    expect(unlisted.requests).toHaveLength(sandboxed ? 0 : 1);
  });

  test.each(PROXIED)('%s: the listed host, by which the refusal is no accident', async (tool) => {
    const target = { host: '127.0.0.1', port: listed.port };
    const data = 'reached the listed host';
    expect(await attack(tool, target)).toEqual({ outcome: 'succeeded', data });
  });

  test('reaches a host by its address, past the proxies', async () => {
    unlisted.requests.length = 0;
    const target = { host: '127.0.0.1', port: unlisted.port };
    expect(await attack('fetch_by_address', target)).toEqual(
      expected('reached the unlisted host', 'ECONNREFUSED'),
    );
    expect(unlisted.requests).toHaveLength(sandboxed ? 0 : 1);
  });

  test('carries data out in DNS questions', async () => {
    dns.seen.length = 0;
    const name = 'stolen-data.example.com';
    const { port } = dns;
    expect(await attack('query_dns_server', { name, port })).toEqual(
      expected('192.0.2.1', 'ECONNREFUSED'),
    );
    expect(await attack('send_datagram', { text: 'stolen', port })).toEqual(
      expected('stolen', 'ECONNREFUSED'),
    );
    expect(dns.seen).toEqual(sandboxed ? [] : [name, 'stolen']);
  });

  test('asks the resolver of the host', async () => {
    /* The control needs no network: that the same call answers what needs no resolver. */
    expect(await attack('look_up', { name: 'localhost' })).toMatchObject({ outcome: 'succeeded' });
    if (!sandboxed) return;
    const name = 'stolen-data.example.com';
    expect(await attack('look_up', { name })).toEqual({ outcome: 'failed', code: 'EAI_AGAIN' });
  });

  test('talks to a daemon of the host through its Unix socket', async () => {
    const path = join(place.path, 'daemon.sock');
    expect(await attack('talk_to_unix_socket', { path })).toEqual(expected('reached', 'EACCES'));
    expect(daemon.count()).toBe(sandboxed ? 0 : 1);
  });
});
