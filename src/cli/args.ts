import parser from 'yargs-parser';
import { SrtError } from '../errors.ts';
import type { Invocation } from './invocation.ts';

/** The options as yargs has them: args parses by this table, help prints it. */
export const OPTIONS = {
  c: {
    type: 'string',
    describe: 'Run a shell line (bash, else sh); further words are $0, $1 and so on',
    requiresArg: true,
  },
  settings: {
    alias: 's',
    type: 'string',
    describe: 'Settings file (default: ~/.srt-settings.json)',
    requiresArg: true,
  },
  name: {
    type: 'string',
    describe: 'Name by which filesystem.privateCaches are kept for the next run',
    requiresArg: true,
  },
  'control-fd': {
    type: 'string',
    describe: 'Inherited descriptor; each line read from it is settings whose network lists count',
    requiresArg: true,
  },
  'clean-env': {
    type: 'boolean',
    describe: 'Pass on PATH, HOME and the like, and what env.pass names: no other variable',
  },
  report: {
    type: 'boolean',
    describe: 'Say at the end which files the command left that other programs may execute',
  },
  debug: { alias: 'd', type: 'boolean', describe: 'Say on standard error what srt does' },
  json: { type: 'boolean', describe: 'With doctor: print JSON' },
  version: { alias: 'V', type: 'boolean', describe: 'Print the version' },
  help: { alias: 'h', type: 'boolean', describe: 'Print this help' },
} as const;

/* yargs itself parses with yargs-parser; loading the rest of it would double srt's start-up, so
 * it is loaded for --help alone (help.ts). */
const CONFIGURATION = {
  'halt-at-non-option': true,
  'parse-positional-numbers': false,
  'parse-numbers': false,
  'dot-notation': false,
  'camel-case-expansion': false,
  'boolean-negation': false,
  'duplicate-arguments-array': true,
  'unknown-options-as-args': false,
  'strip-aliased': true,
};

const STRINGS = ['c', 'settings', 'name', 'control-fd'] as const;
const FLAGS = ['clean-env', 'report', 'debug', 'json', 'version', 'help'] as const;
const LETTERS = 'csdVh';

/** Reads srt's own arguments (after the script's name). Options end at the first word that is
 * not one, and at `--`. Throws SRT_USAGE. */
export function parseArguments(argv: readonly string[]): Invocation {
  const { own, rest, ...options } = readOptions(argv);
  if (rest[0] === 'doctor' && own.at(-1) !== '--' && options.line === null)
    return parseDoctor([...own, ...rest.slice(1)]);
  if (options.help) return { verb: 'help' };
  if (options.version) return { verb: 'version' };
  if (options.json) throw usage('--json goes with doctor');
  if (options.line === null && rest.length === 0) throw usage('no command given');
  const { settings, name, debug, line, control, cleanEnv, report } = options;
  const controlFd = control === null ? null : parseDescriptor(control);
  const shared = { settings, name, debug, controlFd, cleanEnv, report };
  return { verb: 'run', ...shared, line, count: rest.length };
}

/** 0 to 2 are the command's. */
function parseDescriptor(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number < 3) throw usage('--control-fd needs the number of a descriptor, 3 or more');
  return number;
}

function parseDoctor(argv: readonly string[]): Invocation {
  const { rest, settings, name, debug, json, help, control, cleanEnv, report } = readOptions(argv);
  if (help) return { verb: 'help' };
  if (rest.length > 0) throw usage('doctor takes options only; a program of that name: -- doctor');
  if (control !== null) throw usage('--control-fd goes with a command');
  if (name !== null) throw usage('--name goes with a command');
  if (cleanEnv) throw usage('--clean-env goes with a command');
  if (report) throw usage('--report goes with a command');
  return { verb: 'doctor', settings, debug, json };
}

function readOptions(argv: readonly string[]) {
  const parsed = parser([...argv], {
    string: [...STRINGS],
    boolean: [...FLAGS],
    /* 0: else a command that is named "true" would be taken as the value of a flag. */
    narg: {
      ...{ c: 1, settings: 1, name: 1, 'control-fd': 1 },
      ...{ 'clean-env': 0, report: 0, debug: 0, json: 0, version: 0, help: 0 },
    },
    alias: { settings: ['s'], debug: ['d'], version: ['V'], help: ['h'] },
    configuration: CONFIGURATION,
  });
  const rest = argv.slice(argv.length - parsed._.length);
  const own = argv.slice(0, argv.length - parsed._.length);
  refuseUnknown(own);
  /* `--_=x` would add to the words of the command. */
  if (rest.some((word, index) => word !== parsed._[index])) throw unknown('--_');
  const text = (name: (typeof STRINGS)[number]): string | null => {
    const value: unknown = parsed[name];
    if (Array.isArray(value)) throw usage(`${dashed(name)} is given twice`);
    if (typeof value === 'string' && value !== '') return value;
    /* `--settings "$UNSET" -- command` must not run on the default settings. */
    if (own.some((word) => mentions(word, name))) throw usage(`${dashed(name)} needs a value`);
    return null;
  };
  const on = (name: (typeof FLAGS)[number]): boolean => parsed[name] === true;
  return {
    own,
    rest,
    line: text('c'),
    settings: text('settings'),
    name: text('name'),
    control: text('control-fd'),
    cleanEnv: on('clean-env'),
    report: on('report'),
    debug: on('debug'),
    json: on('json'),
    version: on('version'),
    help: on('help'),
  };
}

/** Whether a word of the command line is this option: `--settings`, `--settings=x`, `-s`, `-ds`. */
function mentions(word: string, name: (typeof STRINGS)[number]): boolean {
  if (word.startsWith('--')) return word === `--${name}` || word.startsWith(`--${name}=`);
  if (!['c', 'settings'].includes(name) || !word.startsWith('-')) return false;
  return word.slice(1).split('=')[0]?.includes(name.charAt(0)) === true;
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

function usage(problem: string): SrtError {
  return new SrtError('SRT_USAGE', problem, { hint: 'srt --help shows how' });
}

/** Looks at the words themselves: yargs-parser has ways to take an odd one for something else. */
function refuseUnknown(own: readonly string[]): void {
  for (const word of own.filter((one) => one.startsWith('-') && one !== '--')) {
    const [name = '', value] = word.startsWith('--') ? word.slice(2).split('=', 2) : [];
    if (word.startsWith('--')) {
      if (![...STRINGS, ...FLAGS].includes(name as never)) throw unknown(`--${name}`);
      if (value !== undefined && FLAGS.includes(name as never))
        throw usage(`--${name} takes no value`);
    } else refuseUnknownLetters(word.slice(1));
  }
}

/** A group of one-letter options: `-ds`, `-s=file`. */
function refuseUnknownLetters(group: string): void {
  const [letters = '', value] = group.split('=', 2);
  const odd = [...letters].find((letter) => !LETTERS.includes(letter));
  const last = letters.at(-1) ?? '';
  if (odd !== undefined && !/\d/.test(odd)) throw unknown(`-${odd}`);
  if (odd !== undefined || (value !== undefined && !'cs'.includes(last)))
    throw usage(`-${letters[0]} takes no value in the same word`);
}

function unknown(option: string): SrtError {
  return new SrtError('SRT_USAGE', `unknown option ${option}`, {
    hint: 'options of the command go after it; srt --help shows those of srt',
  });
}
