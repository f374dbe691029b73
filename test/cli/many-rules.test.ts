import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Scratch, scratch, srt } from '../support/srt.ts';

const MANY = 50_000;

jest.setTimeout(90_000);

let dir: Scratch;
let work: string;
beforeEach(() => {
  dir = scratch();
  work = dir.folder('work');
});
/* Not by Node, which has no way down to what lies too deep. */
afterEach(async () => {
  await run(['rm', '-rf', work], { timeout: 60_000 });
  rmSync(dir.path, { recursive: true });
});

const many = (name: (at: number) => string) => Array.from({ length: MANY }, (_, at) => name(at));

function inside(filesystem: object, script: string) {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'], ...filesystem } });
  return srt(['-s', settings, '-c', script], { cwd: work, timeout: 60_000 });
}

test('fifty thousand names that are missing are kept', async () => {
  const line = 'echo x > m49999 || echo refused; echo x > m50000 && echo made';
  const { code, stdout } = await inside({ denyWrite: many((at) => `./m${at}`) }, line);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'refused\nmade\n' });
});

test('fifty thousand patterns are kept', async () => {
  const line = 'mkdir a; echo x > a/m49999.c || echo refused; echo x > a/m50000.c && echo made';
  const { code, stdout } = await inside({ denyWrite: many((at) => `**/m${at}.?`) }, line);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'refused\nmade\n' });
});

/** Of f0 to f49999 and one more, which are there. */
const THERE: Readonly<Record<string, readonly [line: string, said: string]>> = {
  denyWrite: ['echo x > f49999 || echo refused; echo x > more && echo made', 'refused\nmade\n'],
  denyRead: ['cat f49999 || echo refused; cat more', 'refused\nold'],
  allowWrite: ['echo x > f49999 && cat f49999; echo x > more || echo refused', 'x\nrefused\n'],
};

test('fifty thousand paths that are there are kept', async () => {
  const paths = many((at) => `./f${at}`);
  for (const path of [...paths, 'more']) writeFileSync(join(work, path), 'old');
  for (const [list, [line, said]] of Object.entries(THERE)) {
    const roots = list === 'allowWrite' ? [] : ['.'];
    const { code, stdout } = await inside({ allowWrite: roots, [list]: paths }, line);
    expect({ list, code, stdout }).toEqual({ list, code: 0, stdout: said });
    writeFileSync(join(work, 'more'), 'old');
  }
});

describe('a tree of three thousand levels', () => {
  const DIG =
    "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')\nopen('a.pem', 'w').close()";
  const DEEP = ['python3', '-c', DIG];

  test('is no hindrance where nothing is looked for in it', async () => {
    expect((await run(DEEP, { cwd: work })).code).toBe(0);
    const { code, stdout } = await inside({ denyWrite: ['**/*.pem'] }, 'touch x && echo made');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'made\n' });
  });

  test('cannot be looked through, and the rule is named', async () => {
    expect((await run(DEEP, { cwd: work })).code).toBe(0);
    const { code, stdout, stderr } = await inside({ denyRead: ['**/*.pem'] }, 'echo ran');
    expect({ code, stdout }).toEqual({ code: 125, stdout: '' });
    expect(stderr).toMatch(
      /^srt: filesystem.denyRead "\*\*\/\*.pem" \(.*:1:\d+\) cannot be looked for in .*ENAMETOOLONG/,
    );
  });
});

test('a loop of links is refused where the command could open it, and the rule is named', async () => {
  symlinkSync('loop', `${work}/loop`);
  const { code, stderr } = await inside({ denyRead: ['./loop'] }, 'echo ran');
  expect(code).toBe(125);
  expect(stderr).toMatch(/^srt: filesystem.denyRead ".\/loop" \(.*\) cannot be reached \(ELOOP\)/);
});

test('a loop of links that is to be written is told of', async () => {
  symlinkSync('loop', `${work}/loop`);
  const { code, stdout, stderr } = await inside({ allowWrite: ['./loop'] }, 'echo ran');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ran\n' });
  expect(stderr).toMatch(/filesystem.allowWrite ".\/loop" .*cannot be reached \(ELOOP\), so it/);
});
