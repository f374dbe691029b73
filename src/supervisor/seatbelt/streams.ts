import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { isatty } from 'node:tty';

/** How long nothing may come of a pipe whose owner is gone, in ms. */
const SILENCE = 250;

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
  /* A terminal that is gone (EIO) is the end of what is typed, and no reason to end srt. */
  const ignore = () => {};
  const endInput = () => stdin?.end();
  if (stdin) process.stdin.on('error', endInput).pipe(stdin).on('error', ignore);
  if (stdout && !capture) stdout.pipe(process.stdout.on('error', ignore), { end: false });
  stderr?.pipe(process.stderr.on('error', ignore), { end: false });
  return () => {
    if (!stdin) return;
    process.stdin.unpipe(stdin);
    process.stdin.pause();
  };
}

/** Resolves when the keeper is gone and all that was printed has been taken. What has left the
 * command's group may have its output open for ever: so that is over when it is silent and empty. */
export function closed(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    keeper.on('error', reject);
    keeper.on('exit', () => {
      const streams = [keeper.stdout, keeper.stderr].filter((stream) => stream !== null);
      const stops = streams.map((stream) => endWhenSilent(stream as Socket));
      keeper.on('close', () => {
        for (const stop of stops) stop();
      });
    });
    keeper.on('close', () => resolve());
  });
}

function endWhenSilent(stream: Socket): () => void {
  let taken = -1;
  const timer = setInterval(() => {
    if (stream.readableLength === 0 && stream.bytesRead === taken) stream.destroy();
    taken = stream.bytesRead;
  }, SILENCE);
  return () => clearInterval(timer);
}
