/* Threat: a preset such as @npm stands for what a configuration says, and a project brings its own:
 * whoever wrote it would choose a host that may be reached. Only the user's own counts, and a run
 * cannot change it for the next one. */
import { type HttpServer, httpServer } from '../support/servers.ts';
import { type Scratch, scratch, srt } from '../support/srt.ts';
import { BLOCKED, connectTo, converse, direct, verdict } from './support/gate-client.ts';

let dir: Scratch;
let registry: HttpServer;
let planted: HttpServer;
beforeEach(async () => {
  dir = scratch();
  registry = await httpServer('registry');
  planted = await httpServer('planted');
  dir.file('home/.npmrc', `registry=http://127.0.0.1:${registry.port}/\n`);
  dir.file('home/.config/go/env', `GOPROXY=http://127.0.0.1:${registry.port}/,direct\n`);
  dir.file('project/.npmrc', `registry=http://127.0.0.1:${planted.port}/\n`);
  dir.file('project/package.json', '{"name":"project","config":{"registry":"http://127.0.0.1"}}');
});
afterEach(async () => {
  await registry.close();
  await planted.close();
  dir.remove();
});

/** A run in the project, by a user whose home is in the scratch folder. */
const place = (variables: Record<string, string> = {}) => ({
  cwd: dir.folder('project'),
  env: { PATH: process.env.PATH, HOME: dir.folder('home'), ...variables },
});

async function reach(entry: string, variables: Record<string, string> = {}): Promise<string[]> {
  const settings = dir.settings({ network: { allowedDomains: [entry] } });
  const talks = [registry, planted].map(({ port }) => connectTo(`127.0.0.1:${port}`));
  return (await converse(talks, ['-s', settings], place(variables))).map(verdict);
}

test('both are reached from outside: the control', async () => {
  const talks = [direct(registry.port), direct(planted.port)];
  expect((await converse(talks, null)).map(verdict)).toEqual([
    'reached registry',
    'reached planted',
  ]);
});

test.each(['@npm', '@go'])('%s is what the user configured', async (entry) => {
  expect(await reach(entry)).toEqual(['reached registry', BLOCKED]);
});

test('a variable of a script that the project runs does not count', async () => {
  const url = `http://127.0.0.1:${planted.port}/`;
  const script = { npm_config_registry: url, npm_lifecycle_event: 'test' };
  expect(await reach('@npm', script)).toEqual(['reached registry', BLOCKED]);
});

test('a variable of the user counts: the control', async () => {
  const url = `http://127.0.0.1:${planted.port}/`;
  expect(await reach('@npm', { npm_config_registry: url })).toEqual([BLOCKED, 'reached planted']);
});

test('a configuration that is relative to the project is none', async () => {
  expect(await reach('@npm', { npm_config_userconfig: '.npmrc' })).not.toContain('reached planted');
});

test('nothing configured is refused, and says what would help', async () => {
  const settings = dir.settings({ network: { allowedDomains: ['@pypi'] } });
  const { code, stderr } = await srt(['-s', settings, 'true'], place());
  expect(code).toBe(125);
  expect(stderr).toMatch(/:1:31: "@pypi" stands for nothing here: .* set PIP_INDEX_URL or /);
});

test('a run cannot change what the preset stands for in the next', async () => {
  const file = dir.file('home/.config/go/env', `GOPROXY=http://127.0.0.1:${registry.port}/\n`);
  const filesystem = { allowWrite: [dir.folder('home/.config')] };
  const write = ['--', 'sh', '-c', 'echo GOPROXY=http://127.0.0.1/ > "$0"', file];
  const preset = dir.settings({ network: { allowedDomains: ['@go'] }, filesystem });
  expect((await srt(['-s', preset, ...write], place())).stderr).toContain('Read-only file system');
  const protect = { off: ['user-package-managers'] };
  const plain = dir.settings({ network: {}, filesystem: { ...filesystem, protect } });
  expect((await srt(['-s', plain, ...write], place())).code).toBe(0);
});
