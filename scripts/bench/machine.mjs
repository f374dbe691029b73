import { execFileSync } from 'node:child_process';
import { cpus, release } from 'node:os';

/** What a reader needs to judge the figures, and nothing that names the machine. */
export function describeMachine() {
  const kernel = /^\d+(\.\d+)*/.exec(release())?.[0];
  const bubblewrap = execFileSync('/usr/bin/bwrap', ['--version'], { encoding: 'utf8' });
  const date = new Date().toISOString().slice(0, 10);
  return [
    date,
    `Linux ${kernel}`,
    `Node ${process.versions.node}`,
    bubblewrap.trim(),
    `${cpus().length} CPUs`,
  ].join(', ');
}
