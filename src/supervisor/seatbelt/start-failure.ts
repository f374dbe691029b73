import { SrtError } from '../../errors.ts';

/** What went wrong, from what sandbox-exec says of the profile; null where it has taken it, and so
 * the command was started. */
export function profileFailure(complaint: string): SrtError | null {
  /* The profile was in force then, and refused what it was tried with. */
  if (complaint === '' || /\bexecvp\b/.test(complaint)) return null;
  const printed = complaint.replaceAll(/\s*\n\s*/g, '; ');
  if (/sandbox_apply: Operation not permitted/.test(complaint))
    return new SrtError('SRT_HOST_SANDBOXED', 'this is inside a sandbox already', {
      hint: 'run the command without srt, or start srt outside of that sandbox',
      details: { printed },
    });
  return new SrtError('SRT_LAUNCH_FAILED', `macOS does not take the profile: ${printed}`, {
    hint: 'report this with the version of macOS',
    details: { printed },
  });
}
