/* Threat: a hostile tool reads or poisons the caches that sandboxes of other names keep, through any
 * right that it has around them, or before there are any. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { type Ended, type Scratch, scratch, srt } from '../support/srt.ts';
import { describeFileAttack } from './support/file-attack.ts';

const OTHER = 'home/.cache/srt/other';

describe.each([
  ['without any', {}],
  ['of its own', { privateCaches: true }],
])('a sandbox that has caches %s', (_which, caches) => {
  describeFileAttack('and a home folder that it can write', {
    files: [`${OTHER}/npm/token`, 'home/.cache/plain', 'home/.srt-settings.json'],
    home: '@/home',
    cwd: '@/home',
    filesystem: { allowWrite: ['~'], allowRead: ['~', '~/.cache'], ...caches },
    rows: [
      ['write @/home/.cache/plain', 'ok'],
      [`read @/${OTHER}/npm/token`, 'EACCES'],
      [`write @/${OTHER}/npm/token`, 'EACCES'],
      [`mkdir @/${OTHER}/npm/new`, 'EACCES'],
      ['list @/home/.cache/srt', 'EACCES'],
      ['mkdir @/home/.cache/srt/future', 'EACCES'],
      ['rename @/home/.cache/srt @/home/.cache/moved', 'EACCES'],
      ['rename @/home/.cache @/home/moved', 'EACCES'],
      [`link @/${OTHER}/npm/token @/home/linked`, 'EACCES'],
      ['chmod @/home/.cache/srt', 'EACCES'],
    ],
    untouched: [`${OTHER}/npm/token`],
  });
});

describe('sandboxes of two names', () => {
  let dir: Scratch;
  let home: string;
  beforeEach(() => {
    dir = scratch();
    home = dir.folder('home');
    /* Without it a home folder that can be written is refused. */
    dir.file('home/.srt-settings.json', '{}');
  });
  afterEach(() => dir.remove());

  const start = (filesystem: object, options: string[], line: string): Promise<Ended> =>
    srt([...options, '-s', dir.settings({ filesystem }), '-c', line], {
      cwd: dir.path,
      env: { PATH: process.env.PATH ?? '', HOME: home },
    });
  const named = (name: string, line: string) =>
    start({ privateCaches: true }, ['--name', name], line);

  test('see their own caches, and none of the other', async () => {
    for (const name of ['one', 'two'])
      expect(await named(name, `echo ${name} > ~/.cache/srt/${name}/x`)).toMatchObject({ code: 0 });
    for (const [own, other] of [
      ['one', 'two'],
      ['two', 'one'],
    ]) {
      const line = `cat ~/.cache/srt/${own}/x; cat ~/.cache/srt/${other}/x`;
      const { stdout, stderr } = await named(own as string, line);
      expect(stdout).toBe(`${own}\n`);
      expect(stderr).toContain(`/.cache/srt/${other}/x: No such file or directory`);
    }
    expect(readFileSync(`${home}/.cache/srt/two/x`, 'utf8')).toBe('two\n');
  });

  /* Whoever makes the folder first decides what every later name finds in it. */
  test.each([
    ['.', 'mkdir -p ~/.cache/srt/two'],
    ['.', 'mkdir -p ~/p/srt/two && rmdir ~/.cache && mv -T ~/p ~/.cache'],
    ['.', 'mkdir -p ~/p/srt/two && rmdir ~/.cache && ln -s ~/p ~/.cache'],
    ['.cache', 'mkdir -p ~/.cache/srt/two'],
    ['.cache', 'mkdir -p ~/.cache/p/two && mv -T ~/.cache/p ~/.cache/srt'],
    ['.cache', 'mkdir -p ~/.cache/p/two && ln -s p ~/.cache/srt'],
  ])('cannot be prepared for while there are none, with %s writable: %s', async (root, plant) => {
    const attempt = async (cache: string, store: string) => {
      mkdirSync(`${home}/${cache}`, { mode: 0o700 });
      const allowWrite = [`${home}/${root.replace('.cache', cache)}`];
      const line = plant.replaceAll('.cache', cache).replaceAll('srt', store);
      const { code, stderr } = await start({ allowWrite }, [], line);
      return { code, stderr, planted: existsSync(`${home}/${cache}/${store}/two`) };
    };
    /* The control: the same by other names. */
    expect(await attempt('.other', 'other')).toMatchObject({ code: 0, planted: true });
    rmSync(`${home}/p`, { recursive: true, force: true });
    const { code, stderr, planted } = await attempt('.cache', 'srt');
    expect({ code, planted }).toEqual({ code: 1, planted: false });
    expect(stderr).toContain('Permission denied');
  });

  test('get nothing of a link that was left inside the caches of a name', async () => {
    dir.file('outside/file', 'untouched');
    expect(await named('one', 'true')).toMatchObject({ code: 0 });
    symlinkSync(`${dir.path}/outside`, `${home}/.cache/srt/one/npm`);
    /* It is followed by whoever is inside, with the rights of the sandbox. */
    const { code, stderr } = await named(
      'one',
      'cat ~/.cache/srt/one/npm/file > /dev/null; echo x > ~/.cache/srt/one/npm/file',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('Read-only file system');
    expect(readFileSync(`${dir.path}/outside/file`, 'utf8')).toBe('untouched');
  });

  test('a link in the place of all caches leads nowhere', async () => {
    mkdirSync(`${home}/.cache`);
    const target = dir.folder('target');
    symlinkSync(target, `${home}/.cache/srt`);
    const { code, stderr } = await named('one', 'echo ran');
    expect(code).toBe(125);
    expect(stderr).toContain('/.cache/srt" is a symbolic link (ENOTDIR)');
    expect(existsSync(`${target}/one`)).toBe(false);
  });
});
