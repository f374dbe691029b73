import type { LaunchPlan } from '../compile/plan.ts';
import { SrtError } from '../errors.ts';
import type { EventSink } from '../events.ts';
import { adoptSandbox, type Prestarted } from './adopt.ts';
import { type Control, type Outside, openControl } from './control.ts';
import { deniedEvent } from './denied.ts';
import { encodeStart } from './frames.ts';
import { handedOverEvent } from './handed-over.ts';
import { launchSandbox } from './launch.ts';
import { changed } from './lease/changed.ts';
import { ensureFolders, identify } from './own-folders.ts';
import { forwardSignals } from './signals.ts';
import { errnoName, notExecuted, startFailure, whyUndecided } from './start-failure.ts';

/** How the command ended. */
export type RunResult = { code: number; signal: null } | { code: null; signal: number };

export interface RunHooks {
  sink: EventSink;
  outside: Omit<Outside, 'refused' | 'handedOver'>;
  /** Takes the command's standard output; its input is then empty. Without it the command has
   * this process's own standard streams. */
  output?: ((chunk: Buffer) => void) | undefined;
  /** What holds the placeholders of the plan (lease/lease.ts). */
  lease?: number | undefined;
  /** A sandbox that waits for instructions already, and has this process's own standard streams. */
  prestarted?: Prestarted | undefined;
}

const NO_SOCKETS =
  'network.allowUnixSockets opens nothing here: connects cannot be mediated, so there are no Unix sockets inside';

/** Starts the command and waits for its end. Rejects with SRT_LAUNCH_* when the sandbox or the
 * command did not start; in that case nothing ran. */
export async function runCommand(
  plan: LaunchPlan,
  argv: readonly Buffer[],
  hooks: RunHooks,
): Promise<RunResult> {
  refuseMissing(plan);
  const begun = process.hrtime.bigint();
  const { uid, gid, cwd, mediate, listeners, sockets } = plan;
  const env = [...plan.environment.values()];
  const mounts = identify(plan.placements, ensureFolders(plan.folders));
  const names = plan.names && {
    rules: plan.names.encoded,
    required: plan.names.required,
  };
  const ids = { uid, gid };
  const start = encodeStart({ ...ids, mediate, listeners, mounts, cwd, argv, env, names, sockets });
  let control: Control | null = null;
  /* Before the start: from then on no signal may end srt while the command lives. */
  const stop = forwardSignals((signal) => control?.signal(signal));
  const launched = hooks.prestarted
    ? adoptSandbox(hooks.prestarted, start)
    : launchSandbox(plan, start, { capture: hooks.output !== undefined, lease: hooks.lease });
  const outside: Outside = {
    ...hooks.outside,
    started(inside, mediation, files, canConnect) {
      const milliseconds = Number(process.hrtime.bigint() - begun) / 1e6;
      hooks.sink({
        type: 'started',
        milliseconds,
        transparent: mediate && mediation === 0,
        ...(plan.names && { undecided: files === 0 ? null : whyUndecided(errnoName(files)) }),
      });
      if (!canConnect && sockets.length > 0) hooks.sink({ type: 'notice', message: NO_SOCKETS });
      hooks.outside.started(inside, mediation, files, canConnect);
    },
    refused: (times, change) => hooks.sink(deniedEvent(plan.names, times, change)),
    handedOver: (times, change) => hooks.sink(handedOverEvent(plan.names, times, change)),
  };
  const conversation = openControl(launched, outside);
  control = conversation;
  launched.output?.on('data', (chunk: Buffer) => hooks.output?.(chunk));
  try {
    const { ended, awaited } = launched;
    const ending = await (awaited ? Promise.race([ended, conversation.over]) : ended);
    return toResult(conversation, ending, plan, argv);
  } finally {
    stop();
  }
}

/** Without anything there to be mounted on, the command could make it. */
function refuseMissing({ placeholders }: LaunchPlan): void {
  const folder = placeholders?.folders.find(({ missing }) => missing.length > 0);
  if (folder) throw changed(`${folder.path}/${folder.missing[0]?.name}`);
}

function toResult(
  conversation: Control,
  ending: string | null,
  plan: LaunchPlan,
  argv: readonly Buffer[],
): RunResult {
  const last = conversation.last();
  switch (last?.type) {
    case 'exited':
      return { code: last.code, signal: null };
    case 'signalled':
      return { code: null, signal: last.signal };
    case 'not-executed':
      throw notExecuted(last, argv[0]?.toString('utf8') ?? '');
    case 'started':
      throw new SrtError('SRT_LAUNCH_FAILED', 'the sandbox was killed while the command ran');
    default:
      throw startFailure(last, ending, conversation.complaints(), plan.placements);
  }
}
