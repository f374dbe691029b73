import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BLOCKED, verdict } from '../escape/support/gate-client.ts';
import { type Live, startLive } from '../support/live.ts';
import { type HttpServer, httpServer } from '../support/servers.ts';
import { run, type Scratch, SRT, scratch, srt } from '../support/srt.ts';

let dir: Scratch;
let server: HttpServer;
let running: Live | undefined;
beforeEach(async () => {
  dir = scratch();
  server = await httpServer('server');
});
afterEach(async () => {
  running?.kill();
  running = undefined;
  await server.close();
  dir.remove();
});

/** The asker in a sandbox, and how it finds the server. */
async function start(args: string[], env = process.env) {
  const live = await startLive(args, env);
  running = live;
  return { ...live, ask: async () => verdict(await live.ask(`127.0.0.1:${server.port}`)) };
}

const REACHED = 'reached server';
const UPDATED = 'the network lists are those of';
const STAY = 'the network lists stay as they were';
const allowing = () =>
  JSON.stringify({ network: { allowedDomains: [`127.0.0.1:${server.port}`] } });

describe('the settings file', () => {
  test('that is edited opens and closes hosts of a running command', async () => {
    const path = dir.settings({});
    const { ask, told } = await start(['-s', path]);
    expect(await ask()).toBe(BLOCKED);
    writeFileSync(path, allowing());
    await told(UPDATED);
    expect(await ask()).toBe(REACHED);
    const denied = { network: { ...JSON.parse(allowing()).network, deniedDomains: ['*'] } };
    writeFileSync(`${path}.new`, JSON.stringify(denied));
    renameSync(`${path}.new`, path);
    await told(UPDATED);
    expect(await ask()).toBe(BLOCKED);
  });

  test('that is broken changes nothing, and a line says where', async () => {
    const path = dir.file('s.json', allowing());
    const { ask, told } = await start(['-s', path]);
    writeFileSync(path, '{\n  "network": {"allowDomains": []}\n}');
    const line = await told(STAY);
    expect(line).toContain(`srt: ${path}:2:15: unknown key "allowDomains" in network`);
    expect(await ask()).toBe(REACHED);
    rmSync(path);
    expect(await told(STAY)).toContain(`srt: ${path}: no such settings file; `);
    expect(await ask()).toBe(REACHED);
    writeFileSync(path, '{}');
    await told(UPDATED);
    expect(await ask()).toBe(BLOCKED);
  });

  test('with other file rules: the lists count, and a line says that the rules do not', async () => {
    const path = dir.settings({});
    const { ask, told } = await start(['-s', path]);
    const settings = { ...JSON.parse(allowing()), filesystem: { denyRead: [dir.path] } };
    writeFileSync(path, JSON.stringify(settings));
    expect(await told('next start')).toContain(
      `${path}: the filesystem rules of a running command stay as they are`,
    );
    expect(await ask()).toBe(REACHED);
  });

  test('with other protected names: the same', async () => {
    const path = dir.settings({});
    const { ask, told } = await start(['-s', path]);
    const protect = { off: ['git-hooks'] };
    writeFileSync(path, JSON.stringify({ ...JSON.parse(allowing()), filesystem: { protect } }));
    expect(await told('next start')).toContain(
      `${path}: filesystem.protect of a running command stay as they are`,
    );
    expect(await ask()).toBe(REACHED);
  });

  test('with other variables: the same, and --clean-env is no change of them', async () => {
    const path = dir.settings({ env: { mode: 'clean', deny: ['EXAMPLE_*'] } });
    const { ask, told } = await start(['--clean-env', '-s', path]);
    writeFileSync(
      path,
      JSON.stringify({ ...JSON.parse(allowing()), env: { deny: ['EXAMPLE_*'] } }),
    );
    expect(await told(UPDATED)).not.toContain('stay as they are');
    expect(await ask()).toBe(REACHED);
    writeFileSync(path, JSON.stringify({ env: { set: { EXAMPLE: 'secret-value' } } }));
    const line = await told('next start');
    expect(line).toContain(`${path}: the environment of a running command stay`);
    expect(line).not.toContain('secret-value');
  });

  test('in the default place counts from when it is made', async () => {
    const env = { ...process.env, HOME: dir.path };
    const { ask, told } = await start([], env);
    expect(await ask()).toBe(BLOCKED);
    dir.file('.srt-settings.json', allowing());
    await told(UPDATED);
    expect(await ask()).toBe(REACHED);
  });

  test('cuts the connections that it closes, and leaves the others alone', async () => {
    const other = await httpServer('other');
    const network = { allowedDomains: [server, other].map(({ port }) => `127.0.0.1:${port}`) };
    const path = dir.settings({ network });
    const { send, answer, told, ask } = await start(['-s', path]);
    for (const { port } of [server, other]) {
      send(`hold 127.0.0.1:${port}`);
      expect(await answer()).toContain('held HTTP/1.1 200');
    }
    writeFileSync(path, allowing());
    expect(await told(UPDATED)).toBeTruthy();
    expect(await answer()).toBe('cut');
    expect(await ask()).toBe(REACHED);
    writeFileSync(path, '{}');
    expect(await answer()).toBe('cut');
    await other.close();
  });
});

describe('--control-fd', () => {
  test('takes settings, a line each, however they are cut', async () => {
    const { ask, told, control } = await start(['--control-fd', '3', '-s', dir.settings({})]);
    expect(await ask()).toBe(BLOCKED);
    const text = `${allowing()}\n`;
    control.write(text.slice(0, 10));
    expect(await ask()).toBe(BLOCKED);
    control.write(text.slice(10));
    await told('--control-fd 3, line 1');
    expect(await ask()).toBe(REACHED);
    control.write(`{}\n\n${text}{}\n`);
    await told('line 5');
    expect(await ask()).toBe(BLOCKED);
  });

  test('what is not valid changes nothing, and after its end the last counts', async () => {
    const { ask, told, control } = await start(['--control-fd', '3', '-s', dir.settings({})]);
    control.write(`${allowing()}\n{"network": {"allowedDomains": ["a/b"]}}\n{"network"\n`);
    expect(await told(STAY)).toContain('--control-fd 3, line 2:1:33: "a/b" ');
    expect(await told(STAY)).toContain('--control-fd 3, line 3:1:11: ');
    control.write(`${'x'.repeat(1024 * 1024 + 1)}\n`);
    expect(await told(STAY)).toContain('--control-fd 3: line 4 is longer than 1048576 bytes');
    control.end('{"network": ');
    expect(await told(STAY)).toContain('--control-fd 3, line 5:1:13: ');
    expect(await ask()).toBe(REACHED);
  });

  test('does not speak of the file rules that a line leaves out', async () => {
    const filesystem = { denyRead: [dir.path], protect: { off: ['mcp'] } };
    const path = dir.settings({ filesystem });
    const { told, control } = await start(['--control-fd', '3', '-s', path]);
    control.write(`${allowing()}\n${JSON.stringify({ filesystem: { denyRead: ['/opt'] } })}\n{}\n`);
    const lines = await told('line 3 now');
    expect(lines).toMatch(
      /line 1 now\n.*line 2 now\n.*line 2: the filesystem rules and filesystem.protect [^\n]*\n.*line 3/,
    );
  });

  test('is not a descriptor of the command', async () => {
    const open = 'exec 5<"$0"; exec "$@"';
    const line = ['ls', '/proc/self/fd'];
    const path = dir.settings({});
    const control = await run(['bash', '-c', open, path, ...line]);
    expect(control.stdout).toContain('\n5\n');
    const words = [SRT, '--control-fd', '5', '--', ...line];
    const inside = await run(['bash', '-c', open, path, ...words]);
    expect(inside).toMatchObject({ code: 0, stdout: '0\n1\n2\n3\n' });
  });

  test('may be a file, whose end is soon reached', async () => {
    const path = dir.file('lines', `${allowing()}\n`);
    const file = openSync(path, 'r');
    const { code, stderr } = await srt(['-d', '--control-fd', '3', '-c', 'sleep 1'], {
      stdio: ['pipe', 'pipe', 'pipe', file],
    });
    closeSync(file);
    expect(code).toBe(0);
    expect(stderr).toContain('--control-fd 3, line 1 now');
    expect(readFileSync(path, 'utf8')).toBe(`${allowing()}\n`);
  });

  test('of which the shell that opened it has kept another copy', async () => {
    const lines = `echo '{ "network": { "allowedDomains": ["example.com"] } }'`;
    const command = `${SRT} -d -s ${dir.settings({})} --control-fd 3 -- sleep 1`;
    const { code, stderr } = await run(['bash', '-c', `${command} 3< <(${lines})`]);
    expect(code).toBe(0);
    expect(stderr).toContain('--control-fd 3, line 1 now');
  });

  test.each([
    ['3', /--control-fd 3: is not a pipe|no such descriptor was inherited/],
    ['77', /--control-fd 77: no such descriptor was inherited/],
    ['2', /--control-fd needs the number of a descriptor, 3 or more/],
  ])('%s that was not inherited: nothing runs', async (number, message) => {
    const ran = join(dir.path, 'ran');
    const settings = dir.settings({ filesystem: { allowWrite: [dir.path] } });
    const args = ['-s', settings, '--control-fd', number, 'touch', ran];
    const { code, stderr } = await srt(args);
    expect(code).toBe(125);
    expect(stderr).toMatch(message);
    expect(() => readFileSync(ran)).toThrow(/ENOENT/);
  });
});
