/** What one command line asks for. */
export type Invocation =
  | { verb: 'help' | 'version' }
  | { verb: 'doctor'; settings: string | null; debug: boolean; json: boolean }
  | {
      verb: 'run';
      settings: string | null;
      /** What the sandbox is called. */
      name: string | null;
      debug: boolean;
      /** The descriptor that replacements of the settings come in by. */
      controlFd: number | null;
      /** Whether the command gets a clean environment, whatever the settings say. */
      cleanEnv: boolean;
      /** Whether srt says at the end what the command left for others to execute. */
      report: boolean;
      /** The shell line of -c. */
      line: string | null;
      /** How many of the last arguments belong to the command. */
      count: number;
    };

/** The invocation when srt has no options of its own to read but a settings file: options end at the
 * first word that is not one. Null when there is something to parse. Nearly all starts are
 * `srt command args` or `srt -s file -- command args`, and need not load a parser. */
export function plainInvocation(argv: readonly string[]): Invocation | null {
  const settings = settingsFirst(argv);
  const [first, ...rest] = settings === null ? argv : argv.slice(2);
  if (first === undefined || first === 'doctor') return null;
  if (first.startsWith('-') && (first !== '--' || rest.length === 0)) return null;
  const count = first === '--' ? rest.length : rest.length + 1;
  return {
    ...{ verb: 'run', settings, name: null, debug: false, controlFd: null },
    ...{ cleanEnv: false, report: false, line: null, count },
  };
}

/** One that could be read in another way is left to the parser. */
function settingsFirst([option, file]: readonly string[]): string | null {
  if (option !== '-s' && option !== '--settings') return null;
  return file === undefined || file === '' || file.startsWith('-') ? null : file;
}
