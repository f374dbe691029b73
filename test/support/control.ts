/* The control of a test that asks what mediation changes: the same mounts and ids, by bubblewrap
 * alone, without a filter. Root can do no harm to the machine in it, as it could outside. */
import { type Ended, type RunOptions, run } from './srt.ts';

/** Runs the command where only `folder` is writable, and every call is the kernel's own. */
export function runUnmediated(
  folder: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const bubblewrap = [
    ...['bwrap', '--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-net'],
    ...['--die-with-parent', '--cap-drop', 'ALL', '--ro-bind', '/', '/', '--dev', '/dev'],
    ...['--proc', '/proc', '--tmpfs', '/tmp', '--bind', folder, folder, '--chdir', folder, '--'],
  ];
  return run([...bubblewrap, ...argv], options);
}
