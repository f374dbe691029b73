/* How ssh goes through the gate on macOS: the very programs and the very shell words, with the gate on
 * a port of this machine. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitSshCommand, sshProxyCommand } from '../../../src/compile/seatbelt/ssh-command.ts';
import type { SandboxEvent } from '../../../src/events.ts';
import type * as gateModule from '../../../src/network/gate.ts';
import { createGuard } from '../../../src/network/guard.ts';
import { type Ended, run } from '../../support/srt.ts';
import { bundleText, loadBundled } from '../bundled.ts';
import { type Upstream, upstream } from '../network/loopback.ts';
import { networkPolicy } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

const { createGate } = loadBundled<typeof gateModule>('src/network/gate.ts');

let dir: Temporary;
let server: Upstream;
let said: string;
let events: SandboxEvent[];
let gate: ReturnType<typeof createGate>;
let port: number;
let command: string;

beforeAll(async () => {
  dir = temporary();
  /* Every character that a shell, or ssh, would take for its own. */
  const dist = join(dir.path, `it's "100%h" $HOME \\ of; a*`);
  mkdirSync(dist);
  writeFileSync(join(dist, 'ssh-connect.cjs'), bundleText('src/inside/ssh-connect.ts'));
  const node = join(dist, 'a node');
  symlinkSync(process.execPath, node);
  command = sshProxyCommand(node, dist);
  server = await upstream((socket) => {
    socket.write('SSH-2.0-none\r\n');
    socket.on('data', (chunk) => {
      said += chunk;
      if (said.includes('\n')) socket.end();
    });
  });
});
afterAll(() => {
  server.close();
  dir.remove();
});
beforeEach(async () => {
  said = '';
  events = [];
  const policy = networkPolicy(`127.0.0.1:${server.port}`);
  gate = createGate(policy, (event) => events.push(event), { guard: createGuard('TOKEN') });
  port = await gate.listen();
});
afterEach(() => gate.close());

function inside(argv: readonly string[], more: Record<string, string> = {}, token = 'TOKEN') {
  const { PATH = '' } = process.env;
  const proxy = { HTTPS_PROXY: `http://srt:${token}@127.0.0.1:${port}` };
  return run(argv, { env: { PATH, HOME: dir.path, ...proxy, ...more } });
}

const ssh = ['-F', 'none', '-o', 'BatchMode=yes', '-p'];

test.each<[string, () => Promise<Ended>]>([
  [
    'ssh with it as its ProxyCommand',
    () =>
      inside(['ssh', '-o', `ProxyCommand=${command}`, ...ssh, String(server.port), '127.0.0.1']),
  ],
  [
    'git with it in GIT_SSH_COMMAND',
    () =>
      inside(['git', 'ls-remote', `ssh://127.0.0.1:${server.port}/repository`], {
        GIT_SSH_COMMAND: gitSshCommand(command),
      }),
  ],
])('%s reaches an allowed host', async (_way, act) => {
  await act();
  expect(said).toMatch(/^SSH-2\.0-OpenSSH/);
  expect(events).toMatchObject([{ type: 'connected', protocol: 'connect', host: '127.0.0.1' }]);
});

const words = (host: string, at: number) => [
  'sh',
  '-c',
  `exec ${command.replace(/ %h %p$/, ' "$1" "$2"').replaceAll('%%', '%')}`,
  ...['sh', host, String(at)],
];

test('both ways are carried as they are, to their ends', async () => {
  const { code, stdout } = await run(words('127.0.0.1', server.port), {
    env: { HTTPS_PROXY: `http://srt:TOKEN@127.0.0.1:${port}` },
    input: Buffer.from([0, 255, 13, 10]),
  });
  expect([code, stdout]).toEqual([0, 'SSH-2.0-none\r\n']);
  expect(said).toBe('\u0000\ufffd\r\n');
});

test.each<[string, [string, number, string], RegExp]>([
  ['a host that is not listed', ['198.51.100.7', 22, 'TOKEN'], /srt refused "198.51.100.7"/],
  ['an address of IPv6', ['2001:db8::1', 22, 'TOKEN'], /\[2001:db8::1\]:22: .*srt refused/],
  ['without the token', ['198.51.100.7', 22, 'guessed'], /belongs to a sandbox/],
])('%s is refused, with a reason', async (_what, [host, at, token], reason) => {
  const { code, stdout, stderr } = await inside(words(host, at), {}, token);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(reason);
});

test('a gate that is not there', async () => {
  gate.close();
  const { code, stderr } = await inside(words('127.0.0.1', server.port));
  expect([code, stderr]).toEqual([1, expect.stringMatching(/ECONNREFUSED/)]);
});
