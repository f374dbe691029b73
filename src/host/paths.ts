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

/** Resolves symbolic links and says what is there. Never throws. The returned function
 * remembers folders, because most credential stores are missing from the same few. */
export function createPathProbe(): (path: string) => PathFact {
  const folders = new Map<string, PathFact>();

  function probe(path: string): PathFact {
    try {
      /* Cheaper than an exception per missing path, and there are dozens. */
      const status = statSync(path, { throwIfNoEntry: false });
      if (!status) return missing(path);
      const real = realpathSync.native(path);
      return { kind: status.isDirectory() ? 'directory' : 'file', real };
    } catch (error) {
      return { kind: 'unreachable', errno: errnoOf(error) };
    }
  }

  function missing(path: string): PathFact {
    const parent = dirname(path);
    /* A dangling link: what it points to can be created, and is not where the link is. */
    if (parent === path || lstatSync(path, { throwIfNoEntry: false }))
      return { kind: 'unreachable', errno: 'ENOENT' };
    const above = folders.get(parent) ?? probe(parent);
    folders.set(parent, above);
    if (above.kind === 'unreachable') return above;
    return { kind: 'missing', real: join(above.real, basename(path)) };
  }

  return probe;
}
