/* Threat: srt itself is found in PATH, and the Node that it runs in. npm puts a project's own programs
 * first there, a folder that the command may write: what it leaves there would run without a sandbox the next
 * time. */
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Scratch, SRT, scratch } from '../support/srt.ts';

let dir: Scratch;
let programs: string;
let settings: string;
beforeEach(() => {
  dir = scratch();
  programs = dir.folder('project/node_modules/.bin');
  settings = dir.settings({ filesystem: { allowWrite: ['./project'] } });
});
afterEach(() => dir.remove());

const inPath = (folder: string) => ({ ...process.env, PATH: `${folder}:${process.env.PATH}` });

describe.each([
  ['srt', 'project/node_modules/.bin'],
  ['srt', 'project/bin'],
  ['node', 'project/bin'],
])('a program called %s in %s', (name, folder) => {
  beforeEach(() => {
    programs = dir.folder(folder);
  });

  test.each([
    ['a file', `echo x > ${name}`],
    ['a link', `ln -s /bin/true ${name}`],
    ['a rename', `echo x > new; mv new ${name}`],
    ['another folder in the place of its own', `cd ..; mv $OLDPWD old`],
  ])('is not made by %s', async (_how, line) => {
    const attack = (...prefix: string[]) =>
      run([...prefix, 'sh', '-c', `cd ${programs} && ${line}`], {
        cwd: dir.path,
        env: inPath(programs),
      });
    const inside = await attack(SRT, '-s', settings, '--');
    expect(inside.stderr).toMatch(/Read-only file system|Permission denied/);
    expect(inside.code).not.toBe(0);
    expect(existsSync(join(programs, name))).toBe(false);
    expect((await attack()).code).toBe(0);
  });
});

test('nor by a root that is named through a link, or a folder of PATH that is', async () => {
  programs = dir.folder('project/bin');
  symlinkSync('project', join(dir.path, 'linked'));
  const attack = (root: string, folder: string) => {
    const file = dir.settings({ filesystem: { allowWrite: [`./${root}`] } });
    const words = ['sh', '-c', `echo x > ${programs}/node`];
    return run([SRT, '-s', file, ...words], {
      cwd: dir.path,
      env: inPath(join(dir.path, folder, 'bin')),
    });
  };
  for (const [root, folder] of [
    ['linked', 'project'],
    ['project', 'linked'],
  ] as const) {
    const { code, stderr } = await attack(root, folder);
    expect(stderr).toMatch(/Read-only file system|Permission denied/);
    expect(code).not.toBe(0);
  }
  expect((await attack('project', 'elsewhere')).code).toBe(0);
});

test('other programs of the project are its own', async () => {
  const words = ['sh', '-c', `echo x > ${programs}/tool && mv ${programs}/tool ${programs}/other`];
  const { code, stderr } = await run([SRT, '-s', settings, ...words], {
    cwd: dir.path,
    env: inPath(programs),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

describe('a node that was planted', () => {
  const plant = (folder: string) => {
    const file = join(folder, 'node');
    writeFileSync(file, `#!/bin/sh\ntouch ${dir.path}/ran\nexec ${process.execPath} "$@"\n`);
    chmodSync(file, 0o755);
  };
  const ran = () => existsSync(join(dir.path, 'ran'));
  const words = [SRT, '--', 'echo', 'inside'];

  test.each([
    ['a project', () => `${programs}:${process.env.PATH}`],
    ['a project, written otherwise', () => `${programs}//:${process.env.PATH}`],
    [
      'a project, with a dot in it',
      () => `${dir.path}/project/node_modules/./.bin/.:${process.env.PATH}`,
    ],
    ['the working directory, by an empty entry', () => `:${process.env.PATH}`],
    ['the working directory, by a relative one', () => `.:${process.env.PATH}`],
  ])('in the programs of %s does not run srt', async (_where, path) => {
    plant(programs);
    const options = { cwd: programs, env: { ...process.env, PATH: path() } };
    const { code, stdout, stderr } = await run(words, options);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'inside\n', stderr: '' });
    expect(ran()).toBe(false);
    await run(['/usr/bin/env', 'node', '--version'], options);
    expect(ran()).toBe(true);
  });

  test('in any other folder of PATH is the one that the user wants', async () => {
    plant(dir.folder('mine'));
    const env = inPath(dir.folder('mine'));
    expect(await run(words, { env })).toMatchObject({ code: 0, stdout: 'inside\n' });
    expect(ran()).toBe(true);
  });

  test('and nowhere else, is said', async () => {
    plant(programs);
    const { code, stderr } = await run(words, { env: { ...process.env, PATH: programs } });
    expect({ code, stderr }).toEqual({
      code: 125,
      stderr: 'srt: find node, which srt runs in, in PATH: No such file or directory\n',
    });
    expect(ran()).toBe(false);
  });
});
