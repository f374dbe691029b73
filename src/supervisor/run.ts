import type { Duplex } from 'node:stream';
import type { LaunchPlan } from '../compile/plan.ts';
import { SrtError } from '../errors.ts';
import type { EventSink } from '../events.ts';
import { decodeFrames, encodeSignal, encodeStart, type InitMessage } from './frames.ts';
import { launchSandbox } from './launch.ts';
import { onListeners } from './listeners.ts';
import { forwardSignals } from './signals.ts';
import { notExecuted, startFailure } from './start-failure.ts';

/** How the command ended. */
export type RunResult = { code: number; signal: null } | { code: null; signal: number };

export interface RunHooks {
  sink: EventSink;
  /** A listener made inside the sandbox, by its service. */
  serve(service: 'http' | 'socks', handle: unknown): void;
  /** Takes the command's standard output; its input is then empty. Without it the command has
   * this process's own standard streams. */
  output?: ((chunk: Buffer) => void) | undefined;
}

/* More than bubblewrap ever says before it gives up. */
const MAX_COMPLAINTS = 8192;

/** Starts the command and waits for its end. Rejects with SRT_LAUNCH_* when the sandbox or the
 * command did not start; in that case nothing ran. */
export async function runCommand(
  plan: LaunchPlan,
  argv: readonly Buffer[],
  hooks: RunHooks,
): Promise<RunResult> {
  const begun = process.hrtime.bigint();
  const services = ['http', 'socks'] as const;
  const start = encodeStart({
    uid: plan.uid,
    gid: plan.gid,
    ports: services.map((service) => plan.ports[service]),
    cwd: plan.cwd,
    argv,
    env: [...plan.environment.values()],
  });
  /* Before the start: from then on no signal may end srt while the command lives. */
  const stop = forwardSignals((signal) => launched.control.write(encodeSignal(signal)));
  const launched = launchSandbox(plan, start, hooks.output !== undefined);
  const { child, output, control } = launched;
  output?.on('data', (chunk: Buffer) => hooks.output?.(chunk));
  let complaints = '';
  let arrived = 0;
  onListeners(child, (handle) => {
    const service = services[arrived++];
    if (service) hooks.serve(service, handle);
  });
  let last: InitMessage | null = null;
  onMessages(control, (messages, text) => {
    if (complaints.length < MAX_COMPLAINTS) complaints += text;
    last = messages.at(-1) ?? last;
    if (messages.some(({ type }) => type === 'started'))
      hooks.sink({ type: 'started', milliseconds: Number(process.hrtime.bigint() - begun) / 1e6 });
  });
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      const end = (code: number | null) => resolve(code ?? -1);
      /* The last word of srt-init may still be on its way then; 'close' waits for it. */
      child.on('exit', (code) => last?.type === 'exited' && !output && end(code));
      child.on('close', end);
    });
    return toResult(last, status, complaints, argv);
  } finally {
    stop();
  }
}

function onMessages(
  control: Duplex,
  handle: (messages: readonly InitMessage[], text: string) => void,
): void {
  let held: Buffer = Buffer.alloc(0);
  control.on('data', (chunk: Buffer) => {
    try {
      const { messages, text, rest } = decodeFrames(Buffer.concat([held, chunk]));
      held = rest;
      handle(messages, text);
    } catch (error) {
      /* Without its control channel srt-init ends the sandbox. */
      control.destroy(error as Error);
    }
  });
}

function toResult(
  last: InitMessage | null,
  status: number,
  complaints: string,
  argv: readonly Buffer[],
): RunResult {
  switch (last?.type) {
    case 'exited':
      return { code: last.code, signal: null };
    case 'signalled':
      return { code: null, signal: last.signal };
    case 'not-executed':
      throw notExecuted(last, argv[0]?.toString('utf8') ?? '');
    case 'started':
      /* A signal that was on its way to srt-init when it ended resets the channel, and its last
       * word is lost; bubblewrap passes on the exit status that says the same. */
      if (status >= 0) return { code: status, signal: null };
      throw new SrtError('SRT_LAUNCH_FAILED', 'the sandbox was killed while the command ran');
    default:
      throw startFailure(last, status, complaints);
  }
}
