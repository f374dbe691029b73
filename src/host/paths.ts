import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/** Resolves symbolic links and says what is there. The returned function remembers folders,
 * because most credential stores are missing from the same few, and notes in `identities` what it
 * found, by real path. It throws SRT_LAUNCH_CHANGED where links change faster than it can look, and
 * SRT_COMPILE_UNENFORCEABLE for a path that leads to what has no name in text; `describe` says what
 * that path is to the user. */
export function createPathProbe(
  identities: Map<string, Identity> = new Map(),
  describe: (path: string) => string = (path) => JSON.stringify(path),
): (path: string) => PathFact {
  const folders = new Map<string, PathFact>();

  function probe(path: string): PathFact {
    for (let looks = 0; looks < LOOKS; looks++) {
      const fact = look(path);
      if (fact) return fact;
    }
    const name = JSON.stringify(path);
    throw new SrtError('SRT_LAUNCH_CHANGED', `${name} changes while srt looks at it`, {
      hint: 'find out what replaces it or a folder above it, and start again',
      details: { path },
    });
  }

  /** null when it was not the same all the time: a link that is not seen as one would be followed. */
  function look(path: string): PathFact | null {
    try {
      /* Cheaper than an exception per missing path, and there are dozens. */
      const entry = lstatSync(path, { throwIfNoEntry: false, bigint: true });
      if (!entry) return missing(path, false);
      const status = entry.isSymbolicLink()
        ? statSync(path, { throwIfNoEntry: false, bigint: true })
        : entry;
      if (!status) return missing(path, true);
      const real = textOf(realpathSync.native(path, 'buffer'));
      const links = real === path ? [] : linksOnTheWay(path, real);
      if (links === null) return null;
      identities.set(real, { device: status.dev, inode: status.ino });
      return { kind: status.isDirectory() ? 'directory' : 'file', real, links };
    } catch (error) {
      if (isSrtError(error) || error instanceof Unnamed) throw error;
      return { kind: 'unreachable', errno: errnoOf(error) };
    }
  }

  /** `isLink`: it is there, as a link to nothing. */
  function missing(path: string, isLink: boolean): PathFact {
    const parent = dirname(path);
    if (parent === path) return { kind: 'unreachable', errno: 'ENOENT' };
    const above = folders.get(parent) ?? probe(parent);
    folders.set(parent, above);
    if (above.kind === 'unreachable') return above;
    const real = join(above.real, basename(path));
    if (above.kind === 'missing' || !isLink) return { kind: 'missing', real, links: above.links };
    /* A link to nothing: what would fill it is made where it points. A loop is ELOOP above. */
    const fact = probe(targetOf(real));
    return fact.kind === 'unreachable'
      ? fact
      : { ...fact, links: [...above.links, real, ...fact.links] };
  }

  return (path) => {
    try {
      return probe(path);
    } catch (error) {
      throw error instanceof Unnamed ? error.refuse(describe(path)) : error;
    }
  };
}

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

/** Not normalised: `link/..` is above what the link leads to, not above the link. */
function targetOf(link: string): string {
  const target = textOf(readlinkSync(link, 'buffer')).replace(/(?<=.)\/+$/, '');
  return target.startsWith('/') ? target : `${dirname(link)}/${target}`;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/* macOS answers with the case and the form of a name that are on the disk. */
const asOnDisk = (path: string) =>
  process.platform === 'darwin' ? path.normalize().toLowerCase() : path;

/* The kernel's own limit, beyond which it answers ELOOP (path_resolution(7)). */
const MAX_LINKS = 40;

/** Walks an existing path as the kernel does and collects the links it follows; null when that leads
 * elsewhere than to `real`. */
function linksOnTheWay(path: string, real: string): string[] | null {
  const links: string[] = [];
  let at = '/';
  const ahead = path.split('/').filter(Boolean);
  for (let name = ahead.shift(); name !== undefined && links.length < MAX_LINKS; ) {
    const next = name === '..' ? dirname(at) : join(at, name);
    if (name !== '..' && isLink(next)) {
      links.push(next);
      const target = textOf(readlinkSync(next, 'buffer'));
      ahead.unshift(...target.split('/').filter((part) => part !== '' && part !== '.'));
      if (target.startsWith('/')) at = '/';
    } else at = next;
    name = ahead.shift();
  }
  return asOnDisk(at) === asOnDisk(real) ? links : null;
}
