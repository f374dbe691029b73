import { write } from 'node:fs';
import { errnoOf } from '../errors.ts';

/* Node makes a pipe or a socket that it opens as a stream non-blocking, and with that everybody's who shares the
 * open file: the command, which then loses output, and whoever writes to it after srt. So srt writes by
 * descriptor, and in another thread, as nobody may be reading and the gate has to go on. */

/** Somebody else made it non-blocking, and it is full. */
const AGAIN_MS = 10;

export interface StandardStream {
  /** Nobody may be reading any more, which is no reason to end a command that runs. */
  write(text: string): void;
  /** Resolves when everything is written, or never can be. */
  flush(): Promise<void>;
}

/** What nobody reads for so long is not all kept. */
const MOST_WAITING = 4 * 1024 * 1024;

export function standardStream(fd: number): StandardStream {
  let waiting: Buffer[] = [];
  let size = 0;
  let leftOut = 0;
  let idle: (() => void)[] = [];
  let busy = false;
  const add = (text: string) => {
    const bytes = Buffer.from(text);
    waiting.push(bytes);
    size += bytes.length;
  };
  const next = () => {
    if (size === 0 && leftOut > 0) {
      add(`srt: ${leftOut} messages were left out here\n`);
      leftOut = 0;
    }
    busy = size > 0;
    if (busy) {
      const whole = Buffer.concat(waiting);
      waiting = [whole];
      return void write(fd, whole, written);
    }
    for (const tell of idle) tell();
    idle = [];
  };
  const written = (error: NodeJS.ErrnoException | null, length: number) => {
    if (error && errnoOf(error) === 'EAGAIN') return void setTimeout(next, AGAIN_MS);
    const [whole = Buffer.alloc(0), ...later] = waiting;
    waiting = error ? [] : [whole.subarray(length), ...later];
    size = error ? 0 : size - length;
    next();
  };
  return {
    write(text) {
      if (size > MOST_WAITING) leftOut++;
      else add(text);
      if (!busy) next();
    },
    flush: () => new Promise((resolve) => (busy ? idle.push(resolve) : resolve())),
  };
}

export const standardOutput = standardStream(1);
export const standardError = standardStream(2);

/** To be called first, on Linux: Node opens process.stderr for itself, to compare each socket that ends with it
 * (net.Socket), and to see whether it is a terminal (assert). */
export function shieldStandardError(): void {
  const shield = {
    ...{ fd: 2, isTTY: false, writable: true },
    write: (text: unknown) => {
      standardError.write(String(text));
      return true;
    },
    on: () => shield,
    once: () => shield,
    removeListener: () => shield,
    listenerCount: () => 0,
  };
  Object.defineProperty(process, 'stderr', { configurable: true, enumerable: true, value: shield });
}
