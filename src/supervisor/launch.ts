import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import type { LaunchPlan } from '../compile/plan.ts';
import { socketsOfChild } from './handles.ts';
import type { Channel, LaunchedSandbox } from './launched.ts';
import { openMemoryFile } from './memory-file.ts';

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
    const nothing = 'ignore';
    const given = ['ipc', 'pipe', file, lease ?? nothing, nothing];
    const stdio = [...streams, 2, ...given] as StdioOptions;
    const args = ['launch', plan.bubblewrap];
    const child = spawn(plan.helper, args, { env: {}, cwd: '/', stdio });
    const [, output, , , control] = child.stdio as unknown as [
      null,
      Readable | null,
      null,
      null,
      Duplex,
    ];
    /* A failed start closes it under our hands; the exit of the child tells the story. */
    control.on('error', () => {});
    const ended = new Promise<string | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(code === null ? null : `it ended with status ${code}`));
    });
    const channel: Channel = {
      read: (take) => control.on('data', take),
      write: (bytes) => control.writable && control.write(bytes),
      destroy: () => control.destroy(),
    };
    return { channel, sockets: socketsOfChild(child), output, ended, awaited: false };
  } finally {
    closeSync(file);
  }
}
