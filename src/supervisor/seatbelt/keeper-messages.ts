/** What srt and the keeper of a command say to each other, one JSON object a line. Pure: text to values
 * and back. */

export interface Instructions {
  sandboxExec: string;
  profile: string;
  /** The folder of the run, which is not there yet; TMPDIR is `tmp` in it. */
  folder: string;
  cwd: string;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Whether signals are for all of the command's process group. */
  group: boolean;
  /** A program whose output goes to descriptor 4 for as long as the command runs; none if empty. */
  log: readonly string[];
}

/** From srt; the first is the instructions. */
export type ToKeeper = { start: Instructions } | { signal: number };

export type FromKeeper =
  /** The command leads a process group of this number. */
  | { type: 'started'; pid: number }
  /** `complaint`: what sandbox-exec says of this profile, where the status may be its own. */
  | { type: 'exited'; code: number; complaint: string }
  | { type: 'signalled'; signal: number }
  /** Nothing was started. */
  | { type: 'failed'; step: string; errno: string };

export function encode(message: ToKeeper | FromKeeper): string {
  return `${JSON.stringify(message)}\n`;
}

/** Cuts chunks into messages, whatever their borders. Throws on what is none. */
export function createDecoder<Message>(): (chunk: Buffer) => Message[] {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const end = bytes.lastIndexOf(10);
    held = bytes.subarray(end + 1);
    const lines = end === -1 ? [] : bytes.toString('utf8', 0, end).split('\n');
    return lines.map((line) => JSON.parse(line) as Message);
  };
}
