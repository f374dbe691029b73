import { isSrtError, type SrtErrorCode } from '../errors.ts';
import type { SandboxEvent } from '../events.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** What control characters there are in a name, and those that change the order in which a line is
 * shown, must not reach the terminal as such. */
function printable(text: string): string {
  return text.replaceAll(CONTROL, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character
      ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
      : escaped;
  });
}

/** One line for standard error, never a stack trace. */
export function renderError(error: unknown): string {
  if (!isSrtError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return `srt: internal error: ${printable(message)}\n`;
  }
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  return `srt: ${printable(error.message + hint)}\n`;
}

const STATUS: Partial<Record<SrtErrorCode, number>> = {
  SRT_LAUNCH_NOT_FOUND: 127,
  SRT_LAUNCH_NOT_EXECUTABLE: 126,
};

/** Exit status of srt for an error: as in POSIX shells, and 125 for all that is srt's own. */
export function exitStatusOf(error: unknown): number {
  return isSrtError(error) ? (STATUS[error.code] ?? 125) : 125;
}

/** A line about an event, or null for those that only --debug shows. */
export function renderEvent(event: SandboxEvent, debug: boolean): string | null {
  if (event.type === 'notice') return `srt: ${printable(event.message)}\n`;
  if (!debug || event.type === 'searching') return null;
  return `srt: ${printable(describe(event))}\n`;
}

function describe(event: Exclude<SandboxEvent, { type: 'notice' | 'searching' }>): string {
  if (event.type === 'started') {
    const without = event.transparent ? '' : ', with a network for programs that use proxies alone';
    return `command started after ${event.milliseconds.toFixed(1)} ms${without}`;
  }
  if (event.type === 'withheld') {
    const each = event.variables.map(({ name, reason }) => `${name} (${reason})`);
    return `not passed on: ${each.join(', ')}`;
  }
  if (event.type === 'violation') {
    const by = event.process ? ` by ${event.process.command} (${event.process.pid})` : '';
    const because = event.because === undefined ? '' : `: ${event.because}`;
    const why = event.rule === undefined ? '' : `, ${event.rule}${because}`;
    return `denied ${event.operation}${event.target && ` ${event.target}`}${by}${why}`;
  }
  if (event.type === 'updated') return `the network lists are those of ${event.settingsFile} now`;
  if (event.type === 'denied') return describeDenial(event);
  if (event.type === 'handed-over') return describeHandedOver(event);
  if (event.type === 'handed-over-more') return describeMore(event.times);
  const via = 'via' in event && event.via ? ` through ${event.via}` : '';
  const target = `${event.protocol} ${event.host} port ${event.port}${via}`;
  if (event.type === 'connected') return `connected ${target} at ${event.address}`;
  if (event.type === 'unreachable') return `unreachable ${target}: ${event.errno}`;
  const rule = event.rule === null ? '' : ` (${JSON.stringify(event.rule)})`;
  const by = event.process ? ` by ${event.process.command} (${event.process.pid})` : '';
  const because = event.because === undefined ? '' : `: ${event.because}`;
  return `refused ${target}${by}: ${event.reason}${rule}${because}`;
}

type HandedOver = Extract<SandboxEvent, { type: 'handed-over' }>;

function describeHandedOver({ path, by, reason, process: { pid, command } }: HandedOver): string {
  return `handed over ${JSON.stringify(path)} by ${command} (${pid}): ${by}, ${reason}`;
}

function describeMore(times: number): string {
  return `handed over by ${times} changes more, of which nothing was kept`;
}

/* More would be read by nobody. */
const MAX_REPORTED = 100;

/** What is left of a run, a line each; none where nothing is. `more` is how many changes nothing is
 * known of. */
export function renderReport(left: readonly HandedOver[], more: number): string {
  const lines = left.slice(0, MAX_REPORTED).map(describeHandedOver);
  if (left.length > MAX_REPORTED) lines.push(`handed over ${left.length - MAX_REPORTED} more`);
  if (more > 0) lines.push(describeMore(more));
  return lines.map((line) => `srt: ${printable(line)}\n`).join('');
}

function describeDenial(event: Extract<SandboxEvent, { type: 'denied' }>): string {
  const { operation, asked, path, process, errno, rule, because, times } = event;
  if (operation === null) return `denied ${times} changes of files more`;
  const by = process ? ` by ${process.command} (${process.pid})` : '';
  const name = asked === '' || asked === path ? '' : ` as ${JSON.stringify(asked)}`;
  const again = times === 1 ? '' : `, ${times} times more`;
  const why = `${rule === null ? '' : `, ${rule}`}${because === undefined ? '' : `: ${because}`}`;
  return `denied ${operation} of ${JSON.stringify(path)}${name}${by}: ${errno}${why}${again}`;
}
