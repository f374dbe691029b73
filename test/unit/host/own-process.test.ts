import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { buildC } from '../../support/build-c.ts';
import { bundleText } from '../bundled.ts';
import { type Temporary, temporary } from '../temporary.ts';

/* Arguments and environments are bytes that only a process of its own can have. */
let dir: Temporary;
let script: string;
beforeAll(() => {
  dir = temporary();
  dir.file('own-process.cjs', bundleText('src/host/own-process.ts'));
  script = dir.file(
    'show.cjs',
    `const raw = require('./own-process.cjs');
     const environment = [...raw.rawEnvironment().values()];
     const show = (list) => list.map((bytes) => bytes.toString('latin1'));
     const count = Number(process.argv[2]);
     const seen = [show(raw.rawArguments(count)), show(environment), raw.homeFolders()];
     console.log(JSON.stringify(seen));`,
  );
});
afterAll(() => dir.remove());

interface Homes {
  home: string;
  otherHomes: string[];
}

/** Runs the script by a shell line, where "$@" is Node with the script. What is seen is Latin-1,
 * in which each byte is a character. */
function seen(line: string, env: Record<string, string> = {}): [string[], string[], Homes] {
  const args = ['-c', line, 'sh', process.execPath, script];
  return JSON.parse(execFileSync('/bin/sh', args, { env, encoding: 'utf8' }));
}

const latin1 = (text: string) => Buffer.from(text).toString('latin1');

describe('arguments', () => {
  test.each([
    ['the last ones', '"$@" 2 a b c', ['b', 'c']],
    ['none', '"$@" 0 a', []],
    ['empty ones', '"$@" 3 "" x ""', ['', 'x', '']],
    ['line ends and quotes', `"$@" 2 'a\nb' '"'`, ['a\nb', '"']],
    ['UTF-8', '"$@" 1 é日本', [latin1('é日本')]],
    ['bytes that are not UTF-8', `"$@" 2 "$(printf '\\377\\376x')" y`, ['\xff\xfex', 'y']],
    ['a replacement character', '"$@" 1 \ufffd', [latin1('\ufffd')]],
    ['both', `"$@" 2 \ufffd "$(printf '\\200')"`, [latin1('\ufffd'), '\x80']],
    ['bytes before those that count', `"$@" 1 "$(printf '\\377')" y`, ['y']],
  ])('%s', (_what, line, expected) => {
    expect(seen(line)[0]).toEqual(expected);
  });

  test('many, and long', () => {
    const [args] = seen(`"$@" 3000 $(seq 2999) "$(printf '\\377')${'x'.repeat(60_000)}"`);
    expect(args).toHaveLength(3000);
    expect(args[2998]).toBe('2999');
    expect(args[2999]).toBe(`\xff${'x'.repeat(60_000)}`);
  });
});

describe('the environment', () => {
  const entries = (line: string, env: Record<string, string>) =>
    seen(line, env)[1].filter((entry) => !/^(PWD|SHLVL|OLDPWD|_)=/.test(entry));

  test.each([
    ['nothing', '"$@" 0', {}, []],
    ['values as they are', '"$@" 0', { A: '1', B: 'x=y z' }, ['A=1', 'B=x=y z']],
    ['an empty value', '"$@" 0', { A: '' }, ['A=']],
    ['line ends', '"$@" 0', { A: 'x\ny' }, ['A=x\ny']],
    ['UTF-8', '"$@" 0', { A: 'é' }, [latin1('A=é')]],
    ['a value that is not UTF-8', `A="$(printf '\\377')" "$@" 0`, {}, ['A=\xff']],
    ['a name that is not UTF-8', `env "$(printf 'N\\377=v')" "$@" 0`, {}, ['N\xff=v']],
    ['a name with odd characters', 'env "a b.c=v" "$@" 0', {}, ['a b.c=v']],
  ])('%s', (_what, line, env, expected) => {
    expect(entries(line, env as Record<string, string>).sort()).toEqual(expected);
  });
});

/* No shell makes such entries: execve takes any strings (environ(7)). */
describe('an environment that no shell makes', () => {
  const withEnvironment = buildC(join(__dirname, '..', '..', 'support', 'with-environment.c'));

  test.each([
    ['a name that begins with =', ['=C:=x', '=', '=y'], ['=C:=x', '=', '=y']],
    ['entries without =', ['A', 'B'], ['A', 'B']],
    ['an empty entry', ['', 'A=1'], ['', 'A=1']],
    ['two of one name: the first, as getenv has it', ['A=1', 'B=', 'A=2'], ['A=1', 'B=']],
  ])('%s', (_what, entries, expected) => {
    const args = [...entries, '--', process.execPath, script, '0'];
    const shown = execFileSync(withEnvironment ?? '', args, { encoding: 'utf8' });
    expect(JSON.parse(shown)[1]).toEqual(expected);
  });
});

describe('the home folder', () => {
  const homes = (env: Record<string, string>) => seen('"$@" 0', env)[2];
  const registered = userInfo().homedir;

  test.each([
    ['HOME', { HOME: '/elsewhere' }, '/elsewhere', [registered]],
    ['HOME, when it is the registered one', { HOME: registered }, registered, []],
    ['the registered one without HOME', {}, registered, []],
    ['the registered one when HOME is empty', { HOME: '' }, registered, []],
  ])('is %s', (_what, env, home, otherHomes) => {
    expect(homes(env as Record<string, string>)).toEqual({ home, otherHomes });
  });
});
