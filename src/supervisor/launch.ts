import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { LaunchPlan } from '../compile/plan.ts';
import { encodeOptions } from './frames.ts';

export interface LaunchedSandbox {
  child: ChildProcess;
  /** The command's standard output, when it is captured. */
  output: Readable | null;
  /** Frames both ways (frames.ts). */
  control: Duplex;
}

/** Starts srt-init, which becomes bubblewrap, which starts srt-init again as PID 1.
 * native/descriptors.h has the same numbers. No policy is on any argv: bubblewrap's options and
 * everything about the command go through descriptor 4. */
export function launchSandbox(plan: LaunchPlan, capture: boolean): LaunchedSandbox {
  const inside = ['/proc/self/fd/7', 'init'];
  const args = ['launch', plan.bubblewrap, '--args', '5', '--', ...inside];
  const streams = capture ? ['ignore', 'pipe'] : [0, 1];
  const stdio = [...streams, 2, 'ipc', 'pipe'] as StdioOptions;
  const child = spawn(plan.helper, args, { env: {}, cwd: '/', stdio });
  const [, output, , , control] = child.stdio as unknown[];
  const channel = control as Duplex;
  /* A failed start closes it under our hands; the exit of the child tells the story. */
  channel.on('error', () => {});
  channel.write(encodeOptions(plan.options));
  return { child, output: output as Readable | null, control: channel };
}
