import { chmodSync, existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type Ended, run, type Scratch, scratch, srt } from '../support/srt.ts';

let dir: Scratch;
let home: string;
let on: string;
beforeEach(() => {
  dir = scratch();
  home = dir.folder('home');
  on = dir.settings({ filesystem: { privateCaches: true } });
});
afterEach(() => dir.remove());

/* npm_config_cache and its like of whoever runs the tests must not take part in them. */
const inside = (args: string[], variables: Record<string, string> = {}): Promise<Ended> =>
  srt(args, {
    cwd: dir.folder('work'),
    env: { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8', ...variables },
  });
const named = (name: string, line: string) => inside(['-s', on, '--name', name, '-c', line]);
const store = () => `${home}/.cache/srt`;
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test('without the setting no variable is set, and nothing is made', async () => {
  const show = 'echo "$npm_config_cache:$CARGO_HOME"; mkdir ~/.npm';
  const { stdout, stderr } = await inside(['-c', show]);
  expect(stdout).toBe(':\n');
  expect(stderr).toContain('Read-only file system');
  expect(readdirSync(home)).toEqual([]);
});

test('without a name they end with the run', async () => {
  const line =
    'mkdir -p "$npm_config_cache" && echo kept > "$npm_config_cache/x" && cat "$npm_config_cache/x"';
  const first = await inside(['-s', on, '-c', line]);
  expect(first).toMatchObject({ code: 0, stdout: 'kept\n', stderr: '' });
  const second = await inside(['-s', on, '-c', 'ls -A "${npm_config_cache%/npm}"']);
  expect(second).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(readdirSync(home)).toEqual([]);
  expect(existsSync('/dev/shm/srt-caches')).toBe(false);
});

test('with a name they are there for the next run of that name', async () => {
  const first = await named(
    'files',
    'mkdir "$npm_config_cache" && echo kept > "$npm_config_cache/x"',
  );
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(await named('files', 'cat "$npm_config_cache/x"')).toMatchObject({ stdout: 'kept\n' });
  expect(readdirSync(store())).toEqual(['files']);
  for (const path of [`${home}/.cache`, store(), `${store()}/files`])
    expect(modeOf(path)).toBe('700');
});

test('they are in a clean environment, and replace what the caller has', async () => {
  const show = ['-s', on, '--clean-env', '--name', 'files', '-c', 'echo "$npm_config_cache"'];
  const expected = { code: 0, stdout: `${store()}/files/npm\n` };
  expect(await inside(show)).toMatchObject(expected);
  const caller = { npm_config_cache: `${home}/.npm` };
  expect(
    await inside(
      show.filter((word) => word !== '--clean-env'),
      caller,
    ),
  ).toMatchObject(expected);
});

test('XDG_CACHE_HOME says where they are kept', async () => {
  const elsewhere = dir.folder('elsewhere');
  const args = ['-s', on, '--name', 'files', '-c', 'echo "$XDG_CACHE_HOME"'];
  const { code, stdout } = await inside(args, { XDG_CACHE_HOME: `${elsewhere}/cache` });
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${elsewhere}/cache/srt/files/xdg\n` });
  expect(readdirSync(home)).toEqual([]);
});

test('two runs of one name at one time share them', async () => {
  const wait =
    'touch ~/.cache/srt/files/$0; until [ -e ~/.cache/srt/files/$1 ]; do sleep 0.05; done';
  const start = (...names: string[]) => inside(['-s', on, '--name', 'files', '-c', wait, ...names]);
  const both = await Promise.all([start('a', 'b'), start('b', 'a')]);
  expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
});

test('a folder that the last run closed is opened again', async () => {
  expect(await named('files', 'chmod 0 ~/.cache/srt/files')).toMatchObject({ code: 0 });
  expect(modeOf(`${store()}/files`)).toBe('0');
  expect(await named('files', 'touch ~/.cache/srt/files/x')).toMatchObject({ code: 0 });
});

describe.each([[[]], [['--name', 'files']]])('protected names, with %j', (options: string[]) => {
  /* The kept ones are in what can be written, where the names count. */
  const start = (line: string) => {
    dir.file('home/.srt-settings.json', '{}');
    const settings = dir.settings({ filesystem: { allowWrite: ['~'], privateCaches: true } });
    return inside(['-s', settings, ...options, '-c', line]);
  };
  const write = (folder: string) =>
    `mkdir -p ${folder}/.vscode && echo x > ${folder}/.vscode/settings.json`;

  test('mean nothing in them, and what they mean around them', async () => {
    const inThem = `cd "\${npm_config_cache%/npm}" && ${write('p')} && mv p q && echo made`;
    const { code, stdout, stderr } = await start(`${inThem}; ${write('~/p')}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'made\n' });
    expect(stderr).toMatch(/mkdir: [^\n]*\/home\/p\/\.vscode.*: Permission denied\n$/);
  });

  test('hold for a folder that is moved out of them, of which all else is copied', async () => {
    const line = `cd "\${npm_config_cache%/npm}" && ${write('p')} && touch p/plain && mv p ~/p`;
    const { code, stderr } = await start(line);
    expect(code).toBe(1);
    expect(stderr).toMatch(/mv: [^\n]*\/home\/p\/\.vscode.*: Permission denied\n/);
    expect(readdirSync(`${home}/p`)).toEqual(['plain']);
  });
});

describe('srt refuses, and nothing runs', () => {
  const refused = async (ended: Promise<Ended>, message: string) => {
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 125, stdout: '' });
    expect(stderr).toMatch(/^srt: [^\n]*\n$/);
    expect(stderr.replaceAll(home, '@')).toContain(message);
  };

  test('a link in the place of the folder, wherever it leads', async () => {
    expect(await named('files', 'echo ran')).toMatchObject({ code: 0, stdout: 'ran\n' });
    const target = dir.folder('target');
    symlinkSync(target, `${store()}/linked`);
    const message = '"@/.cache/srt/linked" is a symbolic link (ENOTDIR)';
    await refused(named('linked', 'echo ran'), message);
    expect(readdirSync(target)).toEqual([]);
  });

  test('a file there', async () => {
    await named('files', 'true');
    writeFileSync(`${store()}/file`, '');
    await refused(named('file', 'echo ran'), '"@/.cache/srt/file" is no folder (ENOTDIR)');
  });

  test('a cache folder that everybody can write', async () => {
    dir.folder('home/.cache');
    chmodSync(`${home}/.cache`, 0o777);
    await refused(named('files', 'echo ran'), '"@/.cache" can be written by every user');
  });

  test.each(['..', 'Files', 'a/b', '.hidden', 'x'.repeat(65)])('the name %s', async (name) => {
    await refused(named(name, 'echo ran'), `${JSON.stringify(name)} is no name for a sandbox`);
    expect(readdirSync(home)).toEqual([]);
  });

  test('a name where the settings ask for no caches', async () => {
    await refused(inside(['--name', 'files', 'echo', 'ran']), '--name files keeps nothing');
  });

  test('a rule that leaves no place for them', async () => {
    const settings = dir.settings({ filesystem: { privateCaches: true, denyWrite: [home] } });
    const ended = inside(['-s', settings, '--name', 'files', 'echo', 'ran']);
    await refused(ended, 'leaves no place for filesystem.privateCaches');
  });
});

describe('npm', () => {
  let archive: string;
  const env = () => ({
    PATH: process.env.PATH ?? '',
    HOME: home,
    npm_config_update_notifier: 'false',
  });
  const settings = (privateCaches: boolean) =>
    dir.settings({ filesystem: { allowWrite: [dir.folder('work')], privateCaches } });
  const install = (privateCaches: boolean, ...options: string[]) => {
    dir.file('work/package.json', '{}');
    const words = ['npm', 'install', '--no-audit', '--no-fund', archive];
    return srt(['-s', settings(privateCaches), ...options, '--', ...words], {
      cwd: `${dir.path}/work`,
      env: env(),
    });
  };

  beforeEach(async () => {
    dir.file('package/package.json', '{"name":"tiny","version":"1.0.0","bin":"cli.js"}');
    dir.file('package/cli.js', '#!/usr/bin/env node\nconsole.log("tiny ran");\n');
    archive = `${dir.path}/tiny-1.0.0.tgz`;
    expect((await run(['tar', '-czf', archive, '-C', dir.path, 'package'])).code).toBe(0);
  });

  test('the control: outside it fills the cache of the home folder', async () => {
    dir.file('work/package.json', '{}');
    const { code } = await run(['npm', 'install', '--no-audit', '--no-fund', archive], {
      cwd: `${dir.path}/work`,
      env: env(),
    });
    expect([code, readdirSync(home)]).toEqual([0, ['.npm']]);
  });

  test('fails inside without private caches', async () => {
    const { code, stderr } = await install(false);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/EROFS|ENOENT/);
    expect(existsSync(`${dir.path}/work/node_modules/tiny`)).toBe(false);
  });

  test.each<[string[], string[]]>([
    [[], []],
    [['--name', 'tiny'], ['.cache']],
  ])('installs with them, and the home folder keeps its own: %j', async (options, left) => {
    expect(await install(true, ...options)).toMatchObject({ code: 0 });
    expect(readdirSync(`${dir.path}/work/node_modules`)).toContain('tiny');
    expect(readdirSync(home)).toEqual(left);
  });

  test('npx runs what it put there', async () => {
    const npx = (...words: string[]) =>
      srt(['-s', on, '--name', 'tiny', '--', 'npx', ...words], {
        cwd: dir.folder('work'),
        env: env(),
      });
    const fetch = ['--yes', `--package=${archive}`, 'tiny'];
    expect(await npx(...fetch)).toMatchObject({ code: 0, stdout: 'tiny ran\n' });
    expect(readdirSync(`${store()}/tiny/npm`)).toContain('_npx');
  });
});
