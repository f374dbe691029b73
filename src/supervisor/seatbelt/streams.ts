import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';

/** How long what was printed may take to arrive when nobody is left to print it, in ms. */
const OUTPUT_LINGER = 250;

/** Whether one of srt's own standard streams is a terminal. */
export function hasTerminal(): boolean {
  return [0, 1, 2].some((fd) => isatty(fd));
}

/** What the command has as its standard streams: those of srt, but no terminal. Whoever has one open
 * can read what is typed there, also into the shell that comes after it, and on macOS nothing makes
 * sure that nobody of the sandbox is left by then. */
export function planStreams(capture: boolean): ('ignore' | 'pipe' | number)[] {
  const [input, output, errors] = [0, 1, 2].map((fd) => (isatty(fd) ? 'pipe' : fd));
  return capture ? ['ignore', 'pipe', errors ?? 2] : [input ?? 0, output ?? 1, errors ?? 2];
}

/** Carries what is typed and printed where the command has pipes. Returns how to stop. */
export function relayTerminal(
  { stdin, stdout, stderr }: Pick<ChildProcess, 'stdin' | 'stdout' | 'stderr'>,
  capture: boolean,
): () => void {
  if (stdin) process.stdin.pipe(stdin).on('error', () => {});
  if (!capture) stdout?.pipe(process.stdout, { end: false });
  stderr?.pipe(process.stderr, { end: false });
  return () => {
    if (!stdin) return;
    process.stdin.unpipe(stdin);
    process.stdin.pause();
  };
}

/** Resolves when the keeper is gone and all has been read of it. What has left the command's group may
 * have its output open for ever. */
export function closed(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    keeper.on('error', reject);
    keeper.on('close', () => resolve());
    keeper.on('exit', () => {
      const streams = [keeper.stdout, keeper.stderr] as (Readable | null)[];
      setTimeout(() => {
        for (const stream of streams) stream?.destroy();
      }, OUTPUT_LINGER).unref();
    });
  });
}
