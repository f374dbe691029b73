import { type RunOptions, run, srt } from '../../support/srt.ts';

/** How a script is run: with these arguments of srt, or where they are null outside. */
export interface Place extends RunOptions {
  srt: readonly string[] | null;
}

/** Runs a Node script, gives it `input` as `input`, and returns what it passes to `print`.
 * The same text runs inside and, as the control, outside. */
export async function evaluate<T>(script: string, input: unknown, place: Place): Promise<T> {
  const { srt: options, ...rest } = place;
  const argv = [process.execPath, '-e', PRELUDE + script, JSON.stringify(input)];
  const done = options ? srt([...options, '--', ...argv], rest) : run(argv, rest);
  const { code, signal, stdout, stderr } = await done;
  if (code !== 0) throw new Error(`the probe ended with ${code ?? signal}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

const PRELUDE = `
const input = JSON.parse(process.argv[1]);
const print = (value) => process.stdout.write(JSON.stringify(value));
const attempt = (act) => {
  try { act(); return 'ok'; } catch (error) { return error.code || String(error); }
};
`;
