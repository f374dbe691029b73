import type { PathRule } from '../../policy/path-rules.ts';
import { unenforceable } from '../unenforceable.ts';
import type { Mount } from './plan-mounts.ts';

/** A mount namespace has room for 100,000 (proc(5), fs.mount-max), and what the host has mounted is in it
 * twice while the new root is made. */
const MAX_MOUNTS = 60_000;

/** Throws SRT_COMPILE_UNENFORCEABLE, which names a rule. */
export function refuseTooMany(mounts: readonly Mount[], rules: readonly PathRule[]): void {
  if (mounts.length <= MAX_MOUNTS) return;
  const paths = new Set(mounts.map(({ path }) => path));
  const mounted = rules.filter(({ path, source }) => source.where !== null && paths.has(path));
  throw unenforceable(
    mounted[MAX_MOUNTS] ?? mounted.at(-1) ?? OWN,
    `is one path too many: more than ${MAX_MOUNTS} would be mounted`,
    'name the folders that they are in, or use a wildcard in denyWrite',
  );
}

const OWN = { source: { setting: 'filesystem', typed: 'all of its lists', where: null } };
