import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../errors.ts';

/** One path of the policy as it is on this machine. */
export type PathFact =
  | { kind: 'directory' | 'file'; real: string }
  /** Not there. `real` is where it would be, below its nearest existing folder. */
  | { kind: 'missing'; real: string }
  /** This user cannot get there (EACCES, ELOOP, ENOTDIR), so neither can the sandbox. */
  | { kind: 'unreachable'; errno: string };

/** Resolves symbolic links and says what is there. Never throws. */
export function probePath(path: string): PathFact {
  try {
    const real = realpathSync.native(path);
    return { kind: statSync(real).isDirectory() ? 'directory' : 'file', real };
  } catch (error) {
    const errno = errnoOf(error);
    return errno === 'ENOENT' ? missing(path) : { kind: 'unreachable', errno };
  }
}

/** A dangling link counts as the missing file it points to: creating that would fill it. */
function missing(path: string): PathFact {
  const parent = dirname(path);
  if (parent === path) return { kind: 'unreachable', errno: 'ENOENT' };
  if (isLink(path)) return { kind: 'unreachable', errno: 'ENOENT' };
  const above = probePath(parent);
  return above.kind === 'unreachable'
    ? above
    : { kind: 'missing', real: join(above.real, basename(path)) };
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
