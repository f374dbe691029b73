import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { runInside } from '../support/network-sandbox.ts';
import { ROOT, type Scratch, scratch, srt } from '../support/srt.ts';

let given: Scratch;
beforeEach(() => {
  given = scratch();
});
afterEach(() => given.remove());

interface Ran {
  code: number | null;
  /** What the report names, from the project on, and by which name: "package.json by builds". */
  report: string[];
  stderr: string;
}

/** Runs a shell line in a project that can be written, beside a settings file that cannot. */
async function report(line: string, filesystem: object = {}, ...options: string[]): Promise<Ran> {
  const cwd = given.folder('project');
  const settings = given.settings({ filesystem: { allowWrite: ['.'], ...filesystem } });
  const { code, stderr } = await srt(['--report', ...options, '-s', settings, '-c', line], { cwd });
  const lines = [...stderr.matchAll(/^srt: handed over "(.*)" by \S+ \(\d+\): ([a-z-]+), .{10}/gm)];
  const named = lines.map(([, path = '', by]) => `${path.replace(`${cwd}/`, '')} by ${by}`);
  return { code, report: named, stderr };
}

describe('a command', () => {
  test.each<[string, string, string[]]>([
    [
      'of harmless changes',
      'mkdir -p src build/x; echo x > src/a.ts; mv src lib; chmod +x lib/a.ts; echo x > build/x/y',
      [],
    ],
    [
      'like npm install',
      'echo x > t; mv t package.json; echo x >> package-lock.json',
      ['package-lock.json by javascript-projects', 'package.json by javascript-projects'],
    ],
    [
      'like npm ci',
      'mkdir -p node_modules/.bin node_modules/x; echo x > node_modules/x/package.json; ln -s ../x/cli.js node_modules/.bin/x',
      [],
    ],
    [
      'that makes a workflow',
      'mkdir -p .github/workflows; echo x > .github/workflows/ci.yml',
      ['.github/workflows/ci.yml by ci-workflows'],
    ],
    [
      'like venv',
      'mkdir -p .venv/bin .venv/lib; echo x > .venv/pyvenv.cfg; ln -s /usr/bin/python3 .venv/bin/python3; ln -s python3 .venv/bin/python; ln -s lib .venv/lib64; echo x > .venv/bin/activate; echo x > .venv/lib/x.pth',
      [
        '.venv/bin/activate by virtual-environments',
        '.venv/bin/python by virtual-environments',
        '.venv/bin/python3 by virtual-environments',
        '.venv/lib/x.pth by python-projects',
        '.venv/pyvenv.cfg by virtual-environments',
      ],
    ],
    [
      'that makes a bare repository',
      'mkdir -p x/objects x/refs; echo x > x/HEAD; echo x > x/config',
      ['x/HEAD by git-repositories'],
    ],
    ['that writes in any case', 'echo x > MAKEFILE', ['MAKEFILE by builds']],
    ['that writes for agents', 'echo x > AGENTS.md', ['AGENTS.md by agent-instructions']],
    ['that removes what it made', 'echo x > Makefile; rm Makefile', []],
    ['that moves what it made away', 'echo x > Makefile; mv Makefile x', []],
    [
      'that moves a folder',
      'mkdir a; echo x > a/Makefile; mv a b; mv b c',
      ['c/Makefile by builds'],
    ],
    [
      'that moves a folder away',
      'mkdir -p .github/workflows; echo x > .github/workflows/x; mv .github/workflows x',
      [],
    ],
    [
      'that brings a folder to where it counts',
      'mkdir x; echo x > x/python; mv x bin',
      ['bin by moved-folder'],
    ],
    [
      'that brings a folder of that name',
      'mkdir -p .github x; echo x > x/ci.yml; mv x .github/workflows',
      ['.github/workflows by ci-workflows'],
    ],
    ['that gives another name', 'echo x > x; ln x Makefile; rm x', ['Makefile by builds']],
    ['that makes such a node', 'mknod Makefile p', ['Makefile by builds']],
    [
      'that writes the same often',
      'for i in 1 2 3; do echo x > Makefile; done',
      ['Makefile by builds'],
    ],
    [
      'with bytes that are no UTF-8',
      'mkdir "$(printf "\\\\377")"; echo x > "$(printf "\\\\377")/Makefile"',
      ['\ufffd/Makefile by builds'],
    ],
  ])('%s', async (_, line, expected) => {
    const ran = await report(line);
    expect({ ...ran, stderr: '' }).toEqual({ code: 0, report: expected, stderr: '' });
    if (expected.length === 0) expect(ran.stderr).toBe('');
  });

  /* What is there already, and is written by another name, by a second one, or emptied. */
  test.each([
    ['through a link', 'ln -s Makefile x; echo y > x'],
    ['by a hard link', 'ln Makefile x; echo y > x'],
    ['by truncate', 'truncate -s 0 Makefile'],
    ['in place', 'echo y >> Makefile'],
  ])('that changes what is there, %s', async (_, line) => {
    given.file('project/Makefile', 'x');
    expect((await report(line)).report).toEqual(['Makefile by builds']);
  });

  test('that makes a hook executable', async () => {
    given.file('project/.git/hooks/pre-commit', 'x');
    const off = { protect: { off: ['git-hooks'] } };
    const { report: named } = await report('chmod +x .git/hooks/pre-commit', off);
    expect(named).toEqual(['.git/hooks/pre-commit by git-hooks']);
  });

  /* The control of the above: what changes nothing. */
  test.each([
    ['reads it', 'cat Makefile > x; test -w Makefile; chmod -x x'],
    ['fails to make it anew', 'ln x Makefile; ln -s x Makefile; mkdir Makefile; mv d Makefile'],
    ['opens it and may not', 'chmod 400 x; mv Makefile y; mkdir Makefile; echo y > Makefile'],
  ])('that %s', async (_, line) => {
    given.file('project/Makefile', 'x');
    given.file('project/x', 'x');
    given.folder('project/d');
    expect((await report(line)).report).toEqual([]);
  });

  test('that exchanges two folders', async () => {
    given.file('project/a/Makefile', 'x');
    given.folder('project/b');
    const exchange = buildC(join(ROOT, 'test/support/exchange.c'));
    const line = `echo y > a/Makefile; ${exchange} a b < /dev/null > /dev/null`;
    expect(await report(line)).toEqual({
      code: 0,
      report: ['b/Makefile by builds'],
      stderr: expect.any(String),
    });
  });

  test('that was refused', async () => {
    const { report: named, stderr } = await report('mkdir .git; echo x > .git/config');
    expect(named).toEqual([]);
    expect(stderr).toContain('Permission denied');
  });

  /* Of a repository that is made where that is allowed, the hooks and the configuration. */
  test('that makes a repository where the settings allow it', async () => {
    const line =
      'mkdir -p x/.git/hooks; echo x > x/.git/HEAD; echo x > x/.git/config; echo x > x/.git/hooks/pre-commit; echo x > x/.git/hooks/pre-push.sample';
    const off = { protect: { off: ['git-config', 'git-hooks'] } };
    const by = (await report(line, off)).report.map((text) => text.split(' by ')[0]);
    expect(by).toEqual(['x/.git/config', 'x/.git/hooks/pre-commit']);
  });

  test('in what is protected because protect.on says so', async () => {
    const { report: named, stderr } = await report('echo x > AGENTS.md', {
      protect: { on: ['agent-instructions'] },
    });
    expect(named).toEqual([]);
    expect(stderr).toContain('Permission denied');
  });

  test('that makes more than anybody reads', async () => {
    const { report: named, stderr } = await report(
      'i=100; while [ $i -lt 250 ]; do mkdir $i; echo x > $i/Makefile; i=$((i + 1)); done',
    );
    expect(named).toEqual(Array.from({ length: 100 }, (_, at) => `${100 + at}/Makefile by builds`));
    expect(stderr.split('\n').at(-2)).toBe('srt: handed over 50 more');
  });

  test('that makes more than srt keeps', async () => {
    const line = 'i=1000; while [ $i -lt 5200 ]; do : > $i.mk; i=$((i + 1)); done';
    const { stderr } = await report(line);
    expect(stderr.split('\n').slice(-3)).toEqual([
      'srt: handed over 3996 more',
      'srt: handed over by 104 changes more, of which nothing was kept',
      '',
    ]);
  });
});

describe('a link', () => {
  test.each([
    ['absolute, to elsewhere', '/etc/passwd', 'x', true],
    ['absolute, into the project', '$PWD/a', 'x', false],
    ['beside it', 'a', 'x', false],
    ['up within the project', '../a', 'd/x', false],
    ['up out of the project', '../../a', 'd/x', true],
    ['up behind a name, which may be a link', 'd/../a', 'x', true],
    ['to what may not be written', 'd/.git/config', 'x', true],
    ['to the private /tmp, which is another one outside', '/tmp/x', 'x', true],
    ['below node_modules', '../../../x', 'node_modules/x', true],
  ])('%s', async (_, target, path, outward) => {
    const ran = await report(`mkdir -p d node_modules; ln -s "${target}" ${path}`);
    const expected = outward ? [`${path} by outward-link`] : [];
    expect({ ...ran, stderr: '' }).toEqual({ code: 0, report: expected, stderr: '' });
  });

  test('that is moved to where it leads out', async () => {
    const { report: named } = await report('mkdir -p a/b; ln -s ../../x a/b/l; mv a/b/l l');
    expect(named).toEqual(['l by outward-link']);
  });

  test('that gets a second name where it leads out', async () => {
    const { report: named } = await report('mkdir -p a/b; ln -s ../../x a/b/l; ln -P a/b/l l');
    expect(named).toEqual(['l by outward-link']);
  });
});

test('nothing is said without --report', async () => {
  const cwd = given.folder('project');
  const settings = given.settings({ filesystem: { allowWrite: ['.'] } });
  const { code, stderr } = await srt(['-s', settings, '-c', 'echo x > Makefile'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(existsSync(join(cwd, 'Makefile'))).toBe(true);
});

/* Three, so that the call of one is always being made. */
test('what processes make while the command ends is told, or not made', async () => {
  const loop = 'i=0; while :; do : > $p$i.mk; i=$((i + 1)); done';
  const line = `for p in a b c; do (${loop}) 2> /dev/null & done; while [ ! -e a20.mk ]; do :; done`;
  const { report: named, stderr } = await report(line);
  const more = Number(/handed over (\d+) more/.exec(stderr)?.[1] ?? 0);
  const beyond = Number(/handed over by (\d+) changes more/.exec(stderr)?.[1] ?? 0);
  const made = readdirSync(join(given.path, 'project'));
  expect(made).toContain('a20.mk');
  expect(named.length + more + beyond).toBe(made.length);
});

test('a report of a command that a signal ended', async () => {
  const { report: named, code } = await report('echo x > Makefile; kill -9 $$');
  expect({ named, code }).toEqual({ named: ['Makefile by builds'], code: 137 });
});

test('the library has it as events, also of what is gone in the end', async () => {
  const cwd = given.folder('project');
  const line = 'echo x > Makefile; rm Makefile; ln -s /etc x';
  const { events } = await runInside({ network: {}, filesystem: { allowWrite: ['.'] }, cwd }, [
    'sh',
    '-c',
    line,
  ]);
  expect(events.filter(({ type }) => type === 'handed-over')).toEqual([
    {
      ...{ type: 'handed-over', operation: 'create', path: join(cwd, 'Makefile'), by: 'builds' },
      reason: expect.stringContaining('make'),
      process: { pid: expect.any(Number), command: 'sh' },
    },
    expect.objectContaining({ operation: 'symlink', path: join(cwd, 'x'), by: 'outward-link' }),
  ]);
});
