import { SrtError } from '../../errors.ts';

/** What was looked at is not there any more. */
export function changed(path: string): SrtError {
  return new SrtError(
    'SRT_LAUNCH_CHANGED',
    `the sandbox cannot be set up: ${JSON.stringify(path)} is not what srt looked at`,
    { hint: 'find out what replaces it or a folder above it, and start again', details: { path } },
  );
}
