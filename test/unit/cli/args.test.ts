import type * as argsModule from '../../../src/cli/args.ts';
import { type Invocation, plainInvocation } from '../../../src/cli/invocation.ts';
import { isSrtError, type SrtError } from '../../../src/errors.ts';
import { FUZZ_FACTOR, pick, seeded } from '../../support/seeded.ts';
import { loadBundled } from '../bundled.ts';

const { parseArguments } = loadBundled<typeof argsModule>('src/cli/args.ts');

const run = (count: number, rest: Partial<Extract<Invocation, { verb: 'run' }>> = {}) => ({
  verb: 'run',
  settings: null,
  name: null,
  debug: false,
  controlFd: null,
  cleanEnv: false,
  report: false,
  line: null,
  count,
  ...rest,
});

const doctor = (rest: Partial<Extract<Invocation, { verb: 'doctor' }>> = {}) => ({
  verb: 'doctor',
  settings: null,
  debug: false,
  json: false,
  ...rest,
});

/* The last `count` words are the command, as they stand. */
describe('a command', () => {
  test.each([
    [['ls'], run(1)],
    [['ls', '-d', '/tmp'], run(3)],
    [['prog', '--version'], run(2)],
    [['prog', '--help'], run(2)],
    [['prog', '-s', 'x', '-c', 'y'], run(5)],
    [['npx', '--', 'server'], run(3)],
    [['--', 'ls'], run(1)],
    [['--', '-x'], run(1)],
    [['--', '--version'], run(1)],
    [['--', '--', 'x'], run(2)],
    [['--', 'ls', '--', '-d'], run(3)],
    [['-'], run(1)],
    [['-1'], run(1)],
    [[''], run(1)],
    [['', 'ls'], run(2)],
    [['true'], run(1)],
    [['-d', 'true'], run(1, { debug: true })],
    [['-d', 'false', 'rm', 'x'], run(3, { debug: true })],
    [['--debug', 'true', '-d'], run(2, { debug: true })],
    [['--debug', '0'], run(1, { debug: true })],
    [['-d', '--', 'doctor'], run(1, { debug: true })],
    [['-d', '-d', 'ls'], run(1, { debug: true })],
    [['-d', ''], run(1, { debug: true })],
    [['--', 'doctor'], run(1)],
    [['--', 'doctor', '--json'], run(2)],
    [['npx', 'doctor'], run(2)],
    [['é', '日本'], run(2)],
    [['a=b', 'ls'], run(2)],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual(expected);
  });
});

describe('options', () => {
  test.each([
    [['-s', 'x', 'ls'], run(1, { settings: 'x' })],
    [['--settings', 'x', 'ls'], run(1, { settings: 'x' })],
    [['--settings=x', 'ls'], run(1, { settings: 'x' })],
    [['--settings=a=b', 'ls'], run(1, { settings: 'a=b' })],
    [['-s=x', 'ls'], run(1, { settings: 'x' })],
    [['-s', 'with space', 'ls'], run(1, { settings: 'with space' })],
    [['-s', '5', 'ls'], run(1, { settings: '5' })],
    [['-s', '0x10', 'ls'], run(1, { settings: '0x10' })],
    [['-s', 'true', 'ls'], run(1, { settings: 'true' })],
    [['-s', '"x"', 'ls'], run(1, { settings: '"x"' })],
    [['-s', 'x', '-d', 'ls', '-d'], run(2, { settings: 'x', debug: true })],
    [['-ds', 'x', 'ls'], run(1, { settings: 'x', debug: true })],
    [['-s', 'x', '--', 'ls'], run(1, { settings: 'x' })],
    [['--control-fd', '3', 'ls'], run(1, { controlFd: 3 })],
    [['--control-fd=12', '-c', 'x'], run(0, { controlFd: 12, line: 'x' })],
    [['--name', 'files', 'ls'], run(1, { name: 'files' })],
    [['--name=files', '-c', 'x'], run(0, { name: 'files', line: 'x' })],
    [['ls', '--name', 'files'], run(3)],
    [['--clean-env', 'ls'], run(1, { cleanEnv: true })],
    [['--clean-env', 'true', '--clean-env'], run(2, { cleanEnv: true })],
    [['-d', '--clean-env', '-c', 'x'], run(0, { cleanEnv: true, debug: true, line: 'x' })],
    [['ls', '--clean-env'], run(2)],
    [['--report', 'true', '--report'], run(2, { report: true })],
    [['-d', '--report', '-c', 'x'], run(0, { report: true, debug: true, line: 'x' })],
    [['-c', 'echo $HOME'], run(0, { line: 'echo $HOME' })],
    [['-c', 'echo "$0"', 'a', '-d'], run(2, { line: 'echo "$0"' })],
    [['-c', 'x', '--', '-d'], run(1, { line: 'x' })],
    [['-c', "'quoted'"], run(0, { line: "'quoted'" })],
    [['-c', '1'], run(0, { line: '1' })],
    [['-c', 'a\nb'], run(0, { line: 'a\nb' })],
    [['-dc', 'x'], run(0, { line: 'x', debug: true })],
    [['-c', 'x', 'doctor'], run(1, { line: 'x' })],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual(expected);
  });

  test.each([
    [['--help'], { verb: 'help' }],
    [['-h'], { verb: 'help' }],
    [['-h', 'ls'], { verb: 'help' }],
    [['--version'], { verb: 'version' }],
    [['-V'], { verb: 'version' }],
    [['-dV'], { verb: 'version' }],
    [['doctor'], doctor()],
    [['doctor', '--json'], doctor({ json: true })],
    [['--json', 'doctor'], doctor({ json: true })],
    [['-s', 'x', 'doctor'], doctor({ settings: 'x' })],
    [['doctor', '-s', 'x', '--json'], doctor({ settings: 'x', json: true })],
    [['-d', 'doctor'], doctor({ debug: true })],
    [['doctor', '--help'], { verb: 'help' }],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual(expected);
  });
});

function usage(argv: string[]): SrtError {
  try {
    const invocation = parseArguments(argv);
    throw new Error(`accepted as ${JSON.stringify(invocation)}`);
  } catch (error) {
    if (isSrtError(error)) return error;
    throw error;
  }
}

describe('refused', () => {
  test.each([
    [[], 'no command given'],
    [['--'], 'no command given'],
    [['-d'], 'no command given'],
    [['-s', 'x'], 'no command given'],
    [['--bogus', 'ls'], 'unknown option --bogus'],
    [['-x', 'ls'], 'unknown option -x'],
    [['-dx', 'ls'], 'unknown option -x'],
    [['--no-debug', 'ls'], 'unknown option --no-debug'],
    [['--set', 'x', 'ls'], 'unknown option --set'],
    [['--Settings', 'x', 'ls'], 'unknown option --Settings'],
    [['--settings.a', 'x', 'ls'], 'unknown option --settings.a'],
    [['--constructor', 'ls'], 'unknown option --constructor'],
    [['--_', 'a', 'ls'], 'unknown option --_'],
    [['--_=a', 'ls'], 'unknown option --_'],
    [['-_', 'ls'], 'unknown option -_'],
    [['-d5', 'ls'], 'takes no value'],
    [['-d=true', 'ls'], 'takes no value'],
    [['--debug=false', 'ls'], '--debug takes no value'],
    [['--help=x'], '--help takes no value'],
    [['-s'], '--settings needs a value'],
    [['--settings=', 'ls'], '--settings needs a value'],
    [['-s', '', 'ls'], '--settings needs a value'],
    [['-s', '--', 'ls'], '--settings needs a value'],
    [['--settings', '-d', 'ls'], '--settings needs a value'],
    [['-c'], '-c needs a value'],
    [['-c', ''], '-c needs a value'],
    [['-s', 'a', '-s', 'b', 'ls'], '--settings is given twice'],
    [['-s', 'a', '--settings=a', 'ls'], '--settings is given twice'],
    [['-c', 'a', '-c', 'b'], '-c is given twice'],
    ...['2', '-1', '3.5', '0x5', 'three', '9999999', '3,4'].map((text): [string[], string] => [
      [`--control-fd=${text}`, 'ls'],
      'needs the number of a',
    ]),
    [['--control-fd', 'ls', 'x'], '--control-fd needs the number of a descriptor'],
    [['--control-fd', '', 'ls'], '--control-fd needs a value'],
    [['--control-fd'], '--control-fd needs a value'],
    [['--control-fd', '3', '--control-fd', '3', 'ls'], '--control-fd is given twice'],
    [['--name', '', 'ls'], '--name needs a value'],
    [['--name=', 'ls'], '--name needs a value'],
    [['--name', 'a', '--name', 'a', 'ls'], '--name is given twice'],
    [['-n', 'a', 'ls'], 'unknown option -n'],
    [['doctor', '--name', 'a'], '--name goes with a command'],
    [['doctor', '--control-fd', '3'], '--control-fd goes with a command'],
    [['doctor', '--clean-env'], '--clean-env goes with a command'],
    [['--clean-env', 'doctor'], '--clean-env goes with a command'],
    [['--clean-env=no', 'ls'], '--clean-env takes no value'],
    [['--no-clean-env', 'ls'], 'unknown option --no-clean-env'],
    [['--clean-env'], 'no command given'],
    [['--json', 'ls'], '--json goes with doctor'],
    [['-c', 'x', '--json'], '--json goes with doctor'],
    [['doctor', 'x'], 'doctor takes options only'],
    [['doctor', '--bogus'], 'unknown option --bogus'],
  ])('%j: %s', (argv, problem) => {
    const error = usage(argv);
    expect(error.code).toBe('SRT_USAGE');
    expect(error.message).toContain(problem);
    expect(error.hint).toContain('srt --help');
  });
});

describe('without options there is nothing to parse', () => {
  test.each([
    [['ls', '-d', '--version'], 3],
    [['--', 'doctor'], 1],
    [['--', '-x'], 1],
    [['--', '--'], 1],
    [[''], 1],
    [['true'], 1],
  ])('%j', (argv, count) => {
    expect(plainInvocation(argv)).toEqual(run(count));
    expect(parseArguments(argv)).toEqual(run(count));
  });

  test.each<[string[], number]>([
    [['-s', 'file', 'ls'], 1],
    [['--settings', 'file', '--', 'ls', '-d'], 2],
    [['-s', 'file', '--', 'doctor'], 1],
    [['-s', 'file', '--', '--'], 1],
    [['-s', '1', 'ls', '-s', 'x'], 3],
    [['-s', "'file'", 'ls'], 1],
    [['--settings', 'a=b', 'ls'], 1],
    [['-s', 'true', 'true'], 1],
  ])('%j, with a settings file', (argv, count) => {
    expect(plainInvocation(argv)).toEqual(run(count, { settings: argv[1] ?? '' }));
    expect(parseArguments(argv)).toEqual(run(count, { settings: argv[1] ?? '' }));
  });

  const WORDS = [
    ...[
      '-s',
      '--settings',
      '-d',
      '--debug',
      '--',
      '-',
      '',
      'doctor',
      'ls',
      'file',
      '-sfile',
      '-s=file',
    ],
    ...['--settings=file', '--name', '-c', '"q"', '0', '-0', '--_', '__proto__', '--s', '-S', 'é'],
  ];

  test('says nothing else than the parser, whatever the words', () => {
    for (let seed = 0; seed < 5000 * FUZZ_FACTOR; seed++) {
      const random = seeded(seed);
      const argv = Array.from({ length: random(6) }, () => pick(random, WORDS));
      const plain = plainInvocation(argv);
      if (plain !== null) expect({ argv, ...plain }).toEqual({ argv, ...parseArguments(argv) });
    }
  });

  test.each([
    [[]],
    [['--']],
    [['-s']],
    [['-s', '']],
    [['-s', 'file']],
    [['-s', '--', 'ls']],
    [['-s', 'file', '--']],
    [['-s', 'file', 'doctor']],
    [['-s', 'file', '-d', 'ls']],
    [['-s', 'file', '-s', 'file', 'ls']],
    [['doctor']],
    [['-d', 'ls']],
    [['-']],
    [['--help']],
    [['-1']],
  ])('%j is left to the parser', (argv) => {
    expect(plainInvocation(argv)).toBeNull();
  });
});
