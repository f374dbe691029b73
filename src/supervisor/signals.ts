import { constants } from 'node:os';

/** What can be sent to srt and is meant for the command. */
const FORWARDED = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
] as const;

/** Calls `forward` with the number of each signal sent to this process, which from here on does
 * not end it. Returns how to stop. */
export function forwardSignals(forward: (signal: number) => void): () => void {
  const listeners = FORWARDED.map((name) => {
    const listener = () => forward(constants.signals[name]);
    process.on(name, listener);
    return { name, listener };
  });
  return () => {
    for (const { name, listener } of listeners) process.off(name, listener);
  };
}
