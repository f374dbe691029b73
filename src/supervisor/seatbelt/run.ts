import type { SeatbeltPlan } from '../../compile/seatbelt/plan.ts';
import { SrtError } from '../../errors.ts';
import type { EventSink } from '../../events.ts';
import type { RunResult } from '../run.ts';
import { forwardSignals } from '../signals.ts';
import { notExecuted } from '../start-failure.ts';
import { judgeCommand } from './find-command.ts';
import { instructionsFor } from './instructions.ts';
import type { FromKeeper } from './keeper-messages.ts';
import { type KeptCommand, launchKeeper } from './launch.ts';
import { ensureFolders } from './own-folders.ts';
import { reportDenials } from './report-denials.ts';
import { removeRunFolder } from './run-folder.ts';
import { profileFailure } from './start-failure.ts';
import { closed, hasTerminal, relayTerminal } from './streams.ts';
import { forwardSuspension } from './suspend.ts';

export interface SeatbeltHooks {
  sink: EventSink;
  /** Takes the command's standard output; its input is then empty. */
  output?: ((chunk: Buffer) => void) | undefined;
  /** Whether what the sandbox denies is read from the system's log. */
  denials?: boolean;
}

/** Starts the command and waits for its end. Rejects with SRT_LAUNCH_* or SRT_HOST_SANDBOXED when
 * the sandbox or the command did not start; in that case nothing ran. */
export async function runSeatbelt(
  plan: SeatbeltPlan,
  argv: readonly Buffer[],
  { sink, output, denials = false }: SeatbeltHooks,
): Promise<RunResult> {
  const begun = process.hrtime.bigint();
  const instructions = instructionsFor(plan, argv, denials);
  const [command = ''] = instructions.argv;
  const errno = judgeCommand(command, instructions.env.PATH, plan.cwd);
  if (errno !== 0) throw notExecuted({ type: 'not-executed', step: 'execve', errno }, command);
  ensureFolders(plan.folders);
  let kept: KeptCommand | null = null;
  const signal = (number: number) => kept?.signal(number);
  /* Before the start: from then on no signal may end srt while the command lives. */
  const stops = [forwardSignals(signal), ...(hasTerminal() ? [forwardSuspension(signal)] : [])];
  try {
    const running = launchKeeper(plan.keeper, instructions, output !== undefined, (message) => {
      if (message.type !== 'started') return;
      const milliseconds = Number(process.hrtime.bigint() - begun) / 1e6;
      sink({ type: 'started', milliseconds, transparent: false });
    });
    kept = running;
    if (output) running.keeper.stdout?.on('data', output);
    stops.push(relayTerminal(running.keeper, output !== undefined));
    const reported = running.log ? reportDenials(running.log, plan, sink) : null;
    await closed(running.keeper);
    await reported?.catch(() => {});
    const last = running.last();
    if (last?.type === 'started') endOrphan(last.pid, instructions.folder);
    return toResult(last, command);
  } finally {
    for (const stop of stops) stop();
  }
}

/** Somebody has killed the keeper. */
function endOrphan(pid: number, folder: string): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    /* Gone already. */
  }
  removeRunFolder(folder);
}

function toResult(last: FromKeeper | null, command: string): RunResult {
  switch (last?.type) {
    case 'exited': {
      const failure = profileFailure(last.complaint);
      if (failure) throw failure;
      return { code: last.code, signal: null };
    }
    case 'signalled':
      return { code: null, signal: last.signal };
    case 'failed':
      throw notStarted(last, command);
    case 'started':
      throw new SrtError('SRT_LAUNCH_FAILED', 'the sandbox was killed while the command ran');
    default:
      throw new SrtError('SRT_LAUNCH_FAILED', 'the process that keeps the command did not start', {
        hint: 'install the package again',
      });
  }
}

function notStarted({ step, errno }: FromKeeper & { type: 'failed' }, command: string): SrtError {
  if (errno === 'E2BIG')
    return new SrtError(
      'SRT_LAUNCH_NOT_EXECUTABLE',
      `${JSON.stringify(command)}: arguments and environment are too long (E2BIG)`,
    );
  return new SrtError('SRT_LAUNCH_FAILED', `the sandbox cannot be set up: ${step} (${errno})`, {
    details: { step, errno },
  });
}
