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

/** The invocation when srt has no options of its own to read: options end at the first word that
 * is not one. Null when there is something to parse. Most starts are `srt command args`, and need
 * not load a parser. */
export function plainInvocation(argv: readonly string[]): Invocation | null {
  const [first, ...rest] = argv;
  if (first === undefined || first === 'doctor') return null;
  if (first.startsWith('-') && (first !== '--' || rest.length === 0)) return null;
  const count = first === '--' ? rest.length : argv.length;
  return {
    ...{ verb: 'run', settings: null, name: null, debug: false, controlFd: null },
    ...{ cleanEnv: false, report: false, line: null, count },
  };
}
