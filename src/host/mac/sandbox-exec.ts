import { statSync } from 'node:fs';
import { SrtError } from '../../errors.ts';

/* Never the caller's PATH: what is found there could be anybody's. */
const PLACE = '/usr/bin/sandbox-exec';

/** Returns the path of a sandbox-exec that can be trusted. Throws SRT_HOST_SANDBOX_EXEC. */
export function probeSandboxExec(path = PLACE): string {
  const refuse = (problem: string) =>
    new SrtError('SRT_HOST_SANDBOX_EXEC', `${path} ${problem}`, {
      hint: 'it is part of macOS: repair or reinstall the system',
    });
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) throw refuse('is missing');
  if (status.uid !== 0) throw refuse('does not belong to root');
  if (status.mode & 0o022) throw refuse('can be written by others than root');
  if (!(status.mode & 0o111)) throw refuse('cannot be executed');
  return path;
}
