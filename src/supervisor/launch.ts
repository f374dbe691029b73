import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import type { LaunchPlan } from '../compile/plan.ts';
import { GO } from './frames.ts';
import { openMemoryFile } from './memory-file.ts';

export interface LaunchedSandbox {
  child: ChildProcess;
  /** The command's standard output, when it is captured. */
  output: Readable | null;
  /** Frames both ways (frames.ts). */
  channel: Duplex;
}

/** Starts srt-init, which becomes bubblewrap, which starts srt-init again as PID 1.
 * native/descriptors.h has the same numbers. No policy is on any argv: the START frame is in a file
 * that is complete before anything starts, so that nothing can take the part for the whole when srt
 * is killed, and nothing waits for srt's event loop. */
export function launchSandbox(
  plan: LaunchPlan,
  start: Buffer,
  { capture, lease }: { capture: boolean; lease: number | undefined },
): LaunchedSandbox {
  const file = openMemoryFile(start);
  try {
    const streams = capture ? ['ignore', 'pipe'] : [0, 1];
    const stdio = [...streams, 2, 'ipc', 'pipe', file, lease ?? 'ignore'] as StdioOptions;
    const args = ['launch', plan.bubblewrap];
    const child = spawn(plan.helper, args, { env: {}, cwd: '/', stdio });
    const [, output, , , control] = child.stdio as unknown[];
    const channel = control as Duplex;
    /* A failed start closes it under our hands; the exit of the child tells the story. */
    channel.on('error', () => {});
    channel.write(GO);
    return { child, output: output as Readable | null, channel };
  } finally {
    closeSync(file);
  }
}
