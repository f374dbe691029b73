import { socketsOfDescriptor } from './handles.ts';
import { inheritedChannel } from './inherited-channel.ts';
import type { LaunchedSandbox } from './launched.ts';
import { fill } from './memory-file.ts';

/** A sandbox that the front started while this process was starting (native/front/front.h): by
 * inherited descriptors. */
export interface Prestarted {
  control: number;
  ipc: number;
  /** A file in memory, for the START frame. */
  start: number;
  /** Says that this process takes signals for the command from now on. */
  ready(): void;
  /** Ends this process, and has the front run srt again without such a sandbox: its lease, terminal and
   * descriptors are what they were when it was started. */
  startAlone(): never;
}

/** Gives the sandbox its instructions, which it waits for. */
export function adoptSandbox(prestarted: Prestarted, frame: Buffer): LaunchedSandbox {
  const { control, ipc, start } = prestarted;
  prestarted.ready();
  fill(start, frame);
  const { channel, ended } = inheritedChannel(control);
  return { channel, sockets: socketsOfDescriptor(ipc), output: null, ended, awaited: true };
}
