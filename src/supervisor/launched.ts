import type { Readable } from 'node:stream';
import type { Sockets } from './handles.ts';

/** Frames both ways (frames.ts), in any pieces. */
export interface Channel {
  /** Called once. `take` says whether anything can follow: after its `false` it is not called again. */
  read(take: (bytes: Buffer) => boolean): void;
  /** Does nothing once this was destroyed or the other end is gone. What had come from that other end
   * and was not read yet may then be lost. */
  write(frame: Buffer): void;
  /** Ends the sandbox. */
  destroy(): void;
}

/** A sandbox that was started and waits for the command. */
export interface LaunchedSandbox {
  channel: Channel;
  /** What it hands out. */
  sockets: Sockets;
  /** The command's standard output, when it is captured. */
  output: Readable | null;
  /** Resolves when it is gone, with all that it said and printed read; with the reason if it ended before
   * it could say any, or null. Rejects when it could not be started. */
  ended: Promise<string | null>;
  /** Whether somebody else waits until it is gone, so that its last word is enough to go on. */
  awaited: boolean;
}
