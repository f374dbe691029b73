import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ROOT } from './srt.ts';

/** Where the programs are that run inside too: the sandbox has a /tmp of its own, and a clone may lie
 * below the host's. */
const PROGRAMS = join(homedir(), '.cache', 'srt-test', `programs${ROOT.replaceAll('/', '-')}`);

/** Builds a C program of the tests when it is missing or older than its source. Returns its path,
 * or null without that compiler. */
export function buildC(
  source: string,
  compiler = 'cc',
  flags: readonly string[] = [],
): string | null {
  const name = `${basename(source, '.c')}${compiler === 'cc' ? '' : `-${compiler}`}`;
  const target = join(PROGRAMS, name);
  const built = statSync(target, { throwIfNoEntry: false });
  if (built && built.mtimeMs >= statSync(source).mtimeMs) return target;
  mkdirSync(dirname(target), { recursive: true });
  /* Several test files may be at this at once: each builds its own and the last rename wins. */
  const own = `${target}.${process.pid}`;
  try {
    execFileSync(compiler, ['-std=c11', '-O1', ...flags, '-o', own, source], { stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  renameSync(own, target);
  return target;
}
