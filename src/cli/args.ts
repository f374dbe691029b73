import parser from 'yargs-parser';
import { SrtError } from '../errors.ts';

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
  debug: { alias: 'd', type: 'boolean', describe: 'Say on standard error what srt does' },
  json: { type: 'boolean', describe: 'With doctor: print JSON' },
  version: { alias: 'V', type: 'boolean', describe: 'Print the version' },
  help: { alias: 'h', type: 'boolean', describe: 'Print this help' },
} as const;

export type Invocation =
  | { verb: 'help' | 'version' }
  | { verb: 'doctor'; settings: string | null; debug: boolean; json: boolean }
  | {
      verb: 'run';
      settings: string | null;
      debug: boolean;
      /** The shell line of -c. */
      line: string | null;
      /** How many of the last arguments belong to the command. */
      count: number;
    };

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

const STRINGS = ['c', 'settings'] as const;
const BOOLEANS = ['debug', 'json', 'version', 'help'] as const;

/** Reads srt's own arguments (after the script's name). Options end at the first word that is
 * not one, and at `--`. Throws SRT_USAGE. */
export function parseArguments(argv: readonly string[]): Invocation {
  const parsed = parser([...argv], {
    string: [...STRINGS],
    boolean: [...BOOLEANS],
    narg: { c: 1, settings: 1 },
    alias: { settings: ['s'], debug: ['d'], version: ['V'], help: ['h'] },
    configuration: CONFIGURATION,
  });
  refuseUnknown(parsed);
  const text = (name: (typeof STRINGS)[number]): string | null => {
    const value: unknown = parsed[name];
    if (value === undefined) return null;
    if (Array.isArray(value)) throw usage(`${dashed(name)} is given twice`);
    if (typeof value !== 'string' || value === '') throw usage(`${dashed(name)} needs a value`);
    return value;
  };
  const on = (name: (typeof BOOLEANS)[number]): boolean => {
    const value: unknown = parsed[name];
    if (value === undefined) return false;
    if (value !== true) throw usage(`${dashed(name)} is given twice or with a value`);
    return true;
  };
  if (on('help')) return { verb: 'help' };
  if (on('version')) return { verb: 'version' };
  const common = { settings: text('settings'), debug: on('debug') };
  const line = text('c');
  const count = parsed._.length;
  const separated = argv[argv.length - count - 1] === '--';
  if (line === null && parsed._[0] === 'doctor' && count === 1 && !separated)
    return { verb: 'doctor', ...common, json: on('json') };
  if (on('json')) throw usage('--json goes with doctor');
  if (line === null && count === 0) throw usage('no command given');
  return { verb: 'run', ...common, line, count };
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

function usage(problem: string): SrtError {
  return new SrtError('SRT_USAGE', problem, { hint: 'srt --help shows how' });
}

function refuseUnknown(parsed: Record<string, unknown>): void {
  const known = new Set<string>(['_', ...STRINGS, ...BOOLEANS]);
  const unknown = Object.keys(parsed).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new SrtError('SRT_USAGE', `unknown option ${dashed(unknown)}`, {
    hint: 'options of the command go after it; srt --help shows those of srt',
  });
}
