import { spawnSync } from 'node:child_process';
import { SrtError } from '../../errors.ts';

/* Longer than anybody has a reason to hold the lease, who is not stopped. */
const PATIENCE = 10_000;

/* native/lock.c, MAX_FILES */
const MAX_FILES = 1024;

/** Locks an open file for this process alone, until it is closed here and wherever it was passed on.
 * Throws SRT_HOST_LEASE when others do not let go of it. */
export function waitForLock(helper: string, fd: number): void {
  lock(helper, 'wait', [fd]);
}

/** The same without waiting: which of the files were not locked by others, and are now. */
export function tryLocks(helper: string, fds: readonly number[]): boolean[] {
  const results: boolean[] = [];
  for (let at = 0; at < fds.length; at += MAX_FILES) {
    const some = fds.slice(at, at + MAX_FILES);
    const printed = lock(helper, 'try', some);
    if (!/^[01]*$/.test(printed) || printed.length !== some.length) throw failed(printed);
    results.push(...[...printed].map((one) => one === '1'));
  }
  return results;
}

function lock(helper: string, how: 'wait' | 'try', fds: readonly number[]): string {
  const ended = spawnSync(helper, ['lock', how, String(fds.length)], {
    stdio: ['ignore', 'pipe', 'pipe', ...fds],
    env: {},
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
  });
  if (ended.status === 0) return ended.stdout.toString();
  throw failed(ended.stderr?.toString().trim() || String(ended.error ?? ended.signal));
}

function failed(why: string): SrtError {
  return new SrtError('SRT_HOST_LEASE', `the lease of placeholders cannot be locked: ${why}`, {
    hint: 'see whether another srt is stopped in the middle of its start or its end',
  });
}
