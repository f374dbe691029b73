import { constants } from 'node:os';
import { SrtError } from '../errors.ts';
import type { LifeMessage } from './control.ts';

type Failure = Extract<LifeMessage, { type: 'failed' | 'not-executed' }>;

/** "ENOEXEC" for 8; libuv's own table lacks some that execve answers. */
export function errnoName(errno: number): string {
  const found = Object.entries(constants.errno).find(([, number]) => number === errno);
  return found?.[0] ?? `errno ${errno}`;
}

/** The command was not executed: 127 for not found, 126 for everything else. */
export function notExecuted({ step, errno }: Failure, command: string): SrtError {
  const name = JSON.stringify(command);
  const error = errnoName(errno);
  if (step === 'chdir') {
    return new SrtError('SRT_LAUNCH_FAILED', `the working directory cannot be entered (${error})`, {
      hint: 'run srt in a folder that the sandbox shows',
    });
  }
  if (error === 'ENOENT') {
    const init = command.startsWith('/tmp/')
      ? { hint: 'the sandbox has its own /tmp; name the folder in filesystem.allowRead to show it' }
      : {};
    return new SrtError('SRT_LAUNCH_NOT_FOUND', `${name}: command not found`, init);
  }
  const reason = error === 'E2BIG' ? 'arguments and environment are too long' : 'cannot execute';
  return new SrtError('SRT_LAUNCH_NOT_EXECUTABLE', `${name}: ${reason} (${error})`);
}

/* native/init.c: enter_root_or_fail, native/mounts/make.h: PLACE_CHANGED */
const MOUNT = /^mount (\d+): (.*)$/;

/** A mount could not be put into its place. */
function notPlaced(path: string, problem: string, errno: string): SrtError {
  const name = JSON.stringify(path);
  const details = { path, step: problem, errno };
  if (problem !== 'changed') {
    const message = `the sandbox cannot be set up: ${name}: ${problem} (${errno})`;
    /* mount_setattr(2) is the youngest of the calls that mounts are made by. */
    const old = errno === 'ENOSYS' ? { hint: 'srt needs Linux 5.12 or newer' } : {};
    return new SrtError('SRT_LAUNCH_FAILED', message, { details, ...old });
  }
  return new SrtError(
    'SRT_LAUNCH_CHANGED',
    `the sandbox cannot be set up: ${name} is not what srt looked at (${errno})`,
    { hint: 'find out what replaces it or a folder above it, and start again', details },
  );
}

/* native/command.c */
const UNDECIDED = 'decide about files by name';

/** Why srt-init cannot decide about changes of files here, in words. */
export function whyUndecided(errno: string): string {
  const why: Record<string, string> = {
    EBUSY: 'somebody above intercepts system calls already, as some managers of containers do',
    EINVAL: 'the kernel is older than Linux 5.19',
  };
  return why[errno] === undefined ? errno : `${why[errno]} (${errno})`;
}

function namesUndecided(errno: string): SrtError {
  return new SrtError(
    'SRT_HOST_NAMES',
    `srt cannot decide about names that do not exist: ${whyUndecided(errno)}`,
    {
      hint: '"filesystem": { "names": "mount" } uses placeholders in their stead, and keeps less',
      details: { errno },
    },
  );
}

/** The sandbox did not come up. `complaints` is what bubblewrap printed; if that is nothing, `ending` is how
 * it ended, as far as that is known. */
export function startFailure(
  last: LifeMessage | null,
  ending: string | null,
  complaints: string,
  placements: readonly { mount: { path: string } }[],
): SrtError {
  const printed = complaints.trim().replaceAll(/\s*\n\s*/g, '; ');
  if (last?.type === 'failed') {
    const error = errnoName(last.errno);
    const [, number, problem] = MOUNT.exec(last.step) ?? [];
    const path = placements[Number(number)]?.mount.path;
    if (path !== undefined && problem !== undefined) return notPlaced(path, problem, error);
    if (last.step.startsWith('a standard stream')) {
      return new SrtError(
        'SRT_LAUNCH_STREAM',
        `${last.step}, which would lead out of the sandbox`,
        {
          hint: 'connect standard input, output and error to files, pipes or a terminal',
        },
      );
    }
    if (last.step === UNDECIDED) return namesUndecided(error);
    return new SrtError(
      'SRT_LAUNCH_FAILED',
      `the sandbox cannot be set up: ${last.step} (${error})`,
      {
        details: { step: last.step, errno: error },
      },
    );
  }
  const what = printed === '' ? (ending ?? 'it ended without a word') : printed;
  return new SrtError('SRT_LAUNCH_FAILED', `the sandbox did not start: ${what}`, {
    details: { printed },
  });
}
