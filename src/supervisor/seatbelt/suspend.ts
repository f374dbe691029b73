import { constants } from 'node:os';

/** What Ctrl-Z does: the terminal stops srt alone, as the command is in another session, where the
 * kernel would let it ignore SIGTSTP (no shell waits for it there). Returns how to stop. */
export function forwardSuspension(signal: (number: number) => void): () => void {
  const suspend = () => {
    signal(constants.signals.SIGSTOP);
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => signal(constants.signals.SIGCONT);
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', resume);
  return () => {
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', resume);
  };
}
