import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { LaunchPlan } from '../compile/plan.ts';

export interface LaunchedSandbox {
  child: ChildProcess;
  /** The command's standard output, when it is captured. */
  output: Readable | null;
  /** What bubblewrap and srt-init have to say when they fail. */
  diagnostics: Readable;
  /** Frames both ways (frames.ts). */
  control: Duplex;
}

/** Starts srt-init, which becomes bubblewrap, which starts srt-init again as PID 1.
 * native/descriptors.h has the same numbers. No policy is on any argv: bubblewrap's options go
 * through descriptor 5, and everything about the command through 4. */
export function launchSandbox(plan: LaunchPlan, capture: boolean): LaunchedSandbox {
  const inside = ['/proc/self/fd/7', 'init'];
  const args = ['launch', plan.bubblewrap, '--args', '5', '--', ...inside];
  const child = spawn(plan.helper, args, {
    env: {},
    cwd: '/',
    stdio: [
      ...(capture ? ['ignore', 'pipe'] : [0, 1]),
      'pipe',
      'ipc',
      'pipe',
      'pipe',
      2,
    ] as StdioOptions,
  });
  const [, output, diagnostics, , control, options] = child.stdio as unknown[];
  /* A failed start closes these under our hands; the exit of the child tells the story. */
  const streams = [diagnostics, control, options] as Duplex[];
  for (const stream of streams) stream?.on('error', () => {});
  (options as Writable | undefined)?.end(plan.options.map((option) => `${option}\0`).join(''));
  return {
    child,
    output: output as Readable | null,
    diagnostics: diagnostics as Readable,
    control: control as Duplex,
  };
}
