import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { type Ended, run, type Scratch, SRT, scratch, srt } from '../support/srt.ts';

const BASE = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: 'C.UTF-8' };

/* What it prints is the kernel's own list. */
const SHOW = ['cat', '/proc/self/environ'];

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => dir.remove());

/** Entries of the command's environment without those that srt sets itself. */
function entries({ code, stdout, stderr }: Ended): string[] {
  if (code !== 0) throw new Error(stderr);
  const own = /^(SANDBOX_RUNTIME|TMPDIR|NODE_USE_ENV_PROXY|(HTTPS?|ALL|NO)_PROXY)=/i;
  return stdout
    .split('\0')
    .slice(0, -1)
    .filter((entry) => !own.test(entry));
}

async function inside(env: object | null, variables: object, options: string[] = []) {
  const named = env === null ? [] : ['-s', dir.settings({ env })];
  const ended = await srt([...options, ...named, '--', ...SHOW], {
    env: { ...BASE, ...variables },
  });
  const seen = entries(ended).filter((entry) => !/^(PATH|HOME|LANG)=/.test(entry));
  return { seen: seen.sort(), stderr: ended.stderr };
}

const CALLER = {
  EXAMPLE_TOKEN: 'secret-value',
  EXAMPLE_REGION: 'a=b c',
  EDITOR: 'vi',
  SSH_AUTH_SOCK: '/run/agent',
  DOCKER_HOST: 'unix:///run/docker.sock',
};

test('the control: outside all of them are there', async () => {
  const seen = entries(await run(SHOW, { env: { ...BASE, ...CALLER } }));
  expect(seen).toEqual(Object.entries({ ...BASE, ...CALLER }).map(([n, v]) => `${n}=${v}`));
});

const [token, region, editor] = ['EXAMPLE_TOKEN=secret-value', 'EXAMPLE_REGION=a=b c', 'EDITOR=vi'];
const [agent, docker] = ['SSH_AUTH_SOCK=/run/agent', 'DOCKER_HOST=unix:///run/docker.sock'];

test.each<[object | null, string[], string[]]>([
  [null, [], [editor, region, token]],
  [{ mode: 'inherit' }, [], [editor, region, token]],
  [{ deny: ['EXAMPLE_*'] }, [], [editor]],
  [{ deny: ['EXAMPLE_*'], pass: ['EXAMPLE_REGION'] }, [], [editor, region]],
  [{ deny: ['@secrets'] }, [], [editor, region]],
  [{ pass: ['SSH_AUTH_SOCK', 'DOCKER_HOST'] }, [], [docker, editor, region, token, agent]],
  [{ deny: ['*'] }, [], []],
  [{ mode: 'clean' }, [], []],
  [{ mode: 'clean', pass: ['EDITOR'] }, [], [editor]],
  [null, ['--clean-env'], []],
  [{ pass: ['EDITOR'] }, ['--clean-env'], [editor]],
  [{ mode: 'inherit', set: { EDITOR: '~/$HOME' } }, ['--clean-env'], ['EDITOR=~/$HOME']],
  [{ set: { EDITOR: '', é: '日本' } }, [], ['EDITOR=', region, token, 'é=日本']],
])('%j %j', async (env, options, expected) => {
  const { seen, stderr } = await inside(env, CALLER, options);
  expect(seen).toEqual([...expected].sort());
  expect(stderr).toBe('');
});

test('a program is found by the PATH that is set', async () => {
  dir.file('bin/example-tool', '#!/bin/sh\necho found\n');
  await run(['chmod', '755', `${dir.path}/bin/example-tool`]);
  const settings = dir.settings({ env: { set: { PATH: `${dir.path}/bin:/usr/bin:/bin` } } });
  expect((await srt(['example-tool'])).code).toBe(127);
  expect(await srt(['-s', settings, 'example-tool'])).toMatchObject({ code: 0, stdout: 'found\n' });
});

test("a loader's variable is left out with one line, which names no value", async () => {
  const variables = { LD_PRELOAD: '/nowhere/canary.so' };
  /* The loader complains of it in every program outside. */
  expect((await run(SHOW, { env: { ...BASE, ...variables } })).stderr).toContain('canary');
  const env = { ...BASE, ...variables };
  const { stderr, ...rest } = await run([SRT, ...SHOW], { env });
  expect(entries({ stderr, ...rest }).join()).not.toContain('LD_PRELOAD');
  const own = stderr.split('\n').filter((line) => line.startsWith('srt: '));
  expect(own).toEqual([expect.stringMatching(/^srt: LD_PRELOAD is not passed on: .*env\.pass/)]);
  expect(own.join()).not.toContain('canary');
});

test('--debug says what was withheld, and no value', async () => {
  const settings = dir.settings({ env: { deny: ['*_TOKEN'] } });
  const env = { ...BASE, ...CALLER };
  const { stderr } = await srt(['-d', '-s', settings, 'true'], { env });
  expect(stderr).toContain("SSH_AUTH_SOCK (points to the SSH agent's socket)");
  expect(stderr).toMatch(/EXAMPLE_TOKEN \(env\.deny "\*_TOKEN" \(.*:1:17\)\)/);
  expect(stderr).not.toMatch(/secret-value|\/run\/agent/);
});

test('a variable of srt cannot be set: nothing runs', async () => {
  const settings = dir.settings({ env: { set: { HTTPS_PROXY: 'http://canary.example.com' } } });
  const { code, stdout, stderr } = await srt(['-s', settings, 'echo', 'ran']);
  expect([code, stdout]).toEqual([125, '']);
  expect(stderr).toMatch(/^srt: .*:1:30: env\.set "HTTPS_PROXY" is set by srt[^\n]*\n$/);
  expect(stderr).not.toContain('canary');
});

describe('any strings that the kernel takes', () => {
  const program = buildC(join(__dirname, '..', 'support', 'with-environment.c')) ?? '';
  const odd = ['=C:=x', '=', 'no-equals', 'with space=1', 'line\nend=2', 'A=', ''];
  const start = (options: string[]) => {
    const strings = [...odd, ...Object.entries(BASE).map(([name, value]) => `${name}=${value}`)];
    return run([program, ...strings, '--', SRT, ...options, '--', ...SHOW]);
  };
  const own = (list: string[]) => list.filter((entry) => !/^(PATH|HOME|LANG)=/.test(entry));

  test('come in', async () => {
    expect(own(entries(await start([])))).toEqual(odd);
  });

  test('are not in a clean environment', async () => {
    expect(own(entries(await start(['--clean-env'])))).toEqual([]);
  });

  test('can be denied', async () => {
    const deny = ['*C:', 'no-equals', 'with space', 'line\nend'];
    const seen = own(entries(await start(['-s', dir.settings({ env: { deny } })])));
    expect(seen).toEqual(['=', 'A=', '']);
  });

  test('are nothing to srt when there are none at all', async () => {
    const bare = ['--', SRT, '--', '/bin/cat', '/proc/self/environ'];
    expect(entries(await run([program, ...bare]))).toEqual([]);
  });
});
