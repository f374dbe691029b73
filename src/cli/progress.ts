/** A line on the terminal that is written over again, about something that takes longer than expected. */
export interface Progress {
  show(names: number): void;
  /** Before anything else is written. */
  clear(): void;
}

const PATIENCE_MS = 1000;
const ERASE_LINE = '\r\u001b[K';

/** `open` gives standard error, which Node takes long to open and most starts have no use for; where it is no
 * terminal, nothing is shown. */
export function searchProgress(
  open: () => { isTTY?: boolean; write(text: string): unknown },
  now: () => number = Date.now,
): Progress {
  let begun: number | null = null;
  let shown = false;
  return {
    show(names) {
      begun ??= now();
      if (now() - begun < PATIENCE_MS || !open().isTTY) return;
      shown = true;
      open().write(`${ERASE_LINE}srt: looking for what the patterns mean: ${names} names so far`);
    },
    clear() {
      if (shown) open().write(ERASE_LINE);
      shown = false;
    },
  };
}
