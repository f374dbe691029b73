import { lstatSync, readlinkSync } from 'node:fs';
import { errnoOf, isSrtError, SrtError } from '../errors.ts';

/** One path of the policy as it is on this machine. `links` are the symbolic links it passes on its
 * way, each by the real path of its folder: whoever can replace one decides what the path means. */
export type PathFact =
  | { kind: 'directory' | 'file'; real: string; links: readonly string[] }
  /** Not there. `real` is where it would be, below its nearest existing folder. */
  | { kind: 'missing'; real: string; links: readonly string[] }
  /** This user cannot get there (EACCES, ELOOP, ENOTDIR), so neither can the sandbox. */
  | { kind: 'unreachable'; errno: string };

/** What tells one file or folder from every other while it exists, whatever its name (stat(2)). */
export interface Identity {
  device: bigint;
  inode: bigint;
}

/* Each look takes microseconds; whoever spoils so many in a row does so all the time. */
const LOOKS = 10;

/* The kernel's own limit, beyond which it answers ELOOP (path_resolution(7)). */
const MAX_LINKS = 40;

type Reached = Exclude<PathFact, { kind: 'unreachable' }>;

/** Resolves symbolic links and says what is there: from one folder to the next, as the kernel does, and
 * each is looked at once, because most credential stores are missing from the same few. Notes in
 * `identities` what it passed, by real path. The returned function throws SRT_LAUNCH_CHANGED where a link
 * changes faster than it can be read, and SRT_COMPILE_UNENFORCEABLE for a path that leads to what has no
 * name in text; `describe` says what that path is to the user. */
export function createPathProbe(
  identities: Map<string, Identity> = new Map(),
  describe: (path: string) => string = (path) => JSON.stringify(path),
): (path: string) => PathFact {
  const facts = new Map<string, PathFact>();

  function probe(path: string): PathFact {
    const known = facts.get(path);
    if (known) return known;
    const at = path.lastIndexOf('/');
    const above = path === '/' ? ABOVE_ROOT : probe(path.slice(0, at) || '/');
    const fact = step(above, path.slice(at + 1));
    facts.set(path, fact);
    return fact;
  }

  /** What a name in a folder is. */
  function step(above: PathFact, name: string): PathFact {
    if (above.kind === 'unreachable') return above;
    /* Above what a link has led to, whose folders have all been passed. */
    if (name === '..' && above.kind === 'directory')
      return { ...above, real: above.real.slice(0, above.real.lastIndexOf('/')) || '/' };
    if (name === '..') return { kind: 'unreachable', errno: 'ENOENT' };
    const real = above.real === '/' ? `/${name}` : `${above.real}/${name}`;
    if (above.kind === 'missing') return { ...above, real };
    try {
      return look(above, real);
    } catch (error) {
      if (isSrtError(error) || error instanceof Unnamed) throw error;
      return { kind: 'unreachable', errno: errnoOf(error) };
    }
  }

  function look({ links }: Reached, real: string): PathFact {
    for (let looks = 0; looks < LOOKS; looks++) {
      /* Cheaper than an exception per missing path, and there are dozens. */
      const status = lstatSync(real, { throwIfNoEntry: false, bigint: true });
      if (!status) return { kind: 'missing', real, links };
      if (!status.isSymbolicLink()) {
        identities.set(real, { device: status.dev, inode: status.ino });
        return { kind: status.isDirectory() ? 'directory' : 'file', real, links };
      }
      const target = targetOf(real);
      if (target !== null) return follow(real, target, links);
    }
    const name = JSON.stringify(real);
    throw new SrtError('SRT_LAUNCH_CHANGED', `${name} changes while srt looks at it`, {
      hint: 'find out what replaces it or a folder above it, and start again',
      details: { path: real },
    });
  }

  /** Not normalised before: `link/..` is above what the link leads to, not above the link. */
  function follow(link: string, target: string, before: readonly string[]): PathFact {
    const links = [...before, link];
    if (links.length > MAX_LINKS) return { kind: 'unreachable', errno: 'ELOOP' };
    const folder = target.startsWith('/') ? '/' : link.slice(0, link.lastIndexOf('/')) || '/';
    return target
      .split('/')
      .filter((name) => name !== '' && name !== '.')
      .reduce<PathFact>(step, { kind: 'directory', real: folder, links });
  }

  return (path) => {
    try {
      return probe(path);
    } catch (error) {
      throw error instanceof Unnamed ? error.refuse(describe(path)) : error;
    }
  };
}

/* Of which "/" is the name that is empty. */
const ABOVE_ROOT: PathFact = { kind: 'directory', real: '/', links: [] };

/** No plan can be made of a name that text cannot spell, and to leave the rule out would lift it. */
class Unnamed extends Error {
  refuse(rule: string): SrtError {
    return new SrtError('SRT_COMPILE_UNENFORCEABLE', `${rule} leads to ${this.message}`, {
      hint: 'rename that, or name another path',
    });
  }
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString();
  if (Buffer.from(text).equals(bytes)) return text;
  throw new Unnamed(`${JSON.stringify(text)}, whose name is not UTF-8`);
}

/** null when it is no link any more. */
function targetOf(link: string): string | null {
  try {
    return textOf(readlinkSync(link, 'buffer'));
  } catch (error) {
    if (['EINVAL', 'ENOENT'].includes(errnoOf(error))) return null;
    throw error;
  }
}
