import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { createDecoder, encode, type FromKeeper, type Instructions } from './keeper-messages.ts';
import { planStreams } from './streams.ts';

export interface KeptCommand {
  keeper: ChildProcess;
  /** What the instructions' `log` prints; null without it. */
  log: Readable | null;
  signal(number: number): void;
  /** The last that was said of the command's life. */
  last(): FromKeeper | null;
}

/** Starts the keeper, which starts the command. What it has to know goes through the channel, and
 * with it the token: neither is on an argv or in the environment of anybody but the command. */
export function launchKeeper(
  [node, script]: readonly [string, string],
  instructions: Instructions,
  capture: boolean,
  said: (message: FromKeeper) => void,
): KeptCommand {
  let last: FromKeeper | null = null;
  const keeper = spawn(node, [script], {
    env: {},
    cwd: '/',
    stdio: [
      ...planStreams(capture),
      'pipe',
      ...(instructions.log.length > 0 ? (['pipe'] as const) : []),
    ],
    /* Out of the terminal's reach: what it sends is passed on. */
    detached: true,
  });
  const [, , , control, log = null] = keeper.stdio as unknown[];
  const channel = control as Duplex;
  /* A keeper that ends under our hands tells the story by its exit. */
  channel.on('error', () => {});
  const take = createDecoder<FromKeeper>();
  channel.on('data', (chunk: Buffer) => {
    for (const message of take(chunk)) {
      last = message;
      said(message);
    }
  });
  channel.write(encode({ start: instructions }));
  return {
    keeper,
    log: log as Readable | null,
    signal: (number) => {
      if (channel.writable) channel.write(encode({ signal: number }));
    },
    last: () => last,
  };
}
