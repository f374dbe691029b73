/** What the sandbox of a run has denied. */
export interface Denial {
  /** In the words of profiles: "file-read-data". */
  operation: string;
  /** A path, a service, an address; "" where the operation has none. */
  target: string;
  /** Who asked, where the log says so. */
  process: { pid: number; command: string } | null;
}

/* "Sandbox: cat(4242) deny(1) file-read-data /path", and for repetitions either of "1 duplicate
 * report for Sandbox: cat(4242) deny(1) …" and "Sandbox: 4 duplicate reports for cat deny(1) …". */
const REPORT =
  /^(?:\d+ duplicate reports? for )?Sandbox: (?:\d+ duplicate reports? for )?(.{1,64}?)(?:\((\d+)\))?(?: System Policy:)? deny\(\d+\) ([\w*-]+)(?: (.*))?$/s;

/** Reads the message of a log entry; null for all that is not a denial of the run with this tag.
 * Everything in it but the tag may be what the command has chosen. */
export function readDenial(message: unknown, tag: string): Denial | null {
  if (typeof message !== 'string' || !message.trimEnd().endsWith(tag)) return null;
  const text = message.trimEnd().slice(0, -tag.length).trimEnd();
  const [, command, pid, operation, target = ''] = REPORT.exec(text) ?? [];
  if (command === undefined || operation === undefined) return null;
  const process = pid === undefined ? null : { pid: Number(pid), command };
  return { operation, target, process };
}
