import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** A line on the terminal that is written over again, about something that takes longer than expected. */
export interface Progress {
  show(names: number): void;
  /** Before anything else is written. */
  clear(): void;
}

const PATIENCE_MS = 1000;
const ERASE_LINE = '\r\u001b[K';

/** Where nothing is shown unless it is a terminal. */
export interface Screen {
  isTerminal(): boolean;
  write(text: string): void;
}

/* At once: the search lets nothing else happen. */
const STANDARD_ERROR: Screen = {
  isTerminal: () => isatty(2),
  write(text) {
    try {
      writeSync(2, text);
    } catch {
      /* A terminal that is stopped or gone: nobody sees it. */
    }
  },
};

export function searchProgress(
  screen: Screen = STANDARD_ERROR,
  now: () => number = Date.now,
): Progress {
  let begun: number | null = null;
  let shown = false;
  return {
    show(names) {
      begun ??= now();
      if (now() - begun < PATIENCE_MS || !screen.isTerminal()) return;
      shown = true;
      screen.write(`${ERASE_LINE}srt: looking for what the patterns mean: ${names} names so far`);
    },
    clear() {
      if (shown) screen.write(ERASE_LINE);
      shown = false;
    },
  };
}
