import { dirname } from 'node:path';
import type { Access, PathRule } from '../../policy/path-rules.ts';
import { foldersAbove, indexedAccess } from '../indexed-access.ts';

/** One step of building the sandbox's file tree. The first is its root. */
export type Mount =
  | { op: 'bind' | 'ro-bind' | 'dev' | 'proc'; path: string }
  | { op: 'remount-ro'; path: string }
  | { op: 'tmpfs'; path: string; mode: number }
  | { op: 'symlink'; path: string; target: string }
  /** A folder in a tmpfs. */
  | { op: 'folder'; path: string; mode: number }
  /** A read-only file of its own. */
  | { op: 'file'; path: string; content: Buffer }
  /** A device node on a nodev mount: every open answers EACCES (open(2)), root's too. */
  | { op: 'mask-file'; path: string };

export interface MountInput {
  /** By real path; see resolve-rules. */
  rules: readonly PathRule[];
  cwd: string;
  isDirectory(path: string): boolean;
  rootLinks: ReadonlyMap<string, string>;
  /** Files to put in the place of the host's, where the rules show those at all. */
  files: readonly { path: string; content: Buffer }[];
  /** A folder of the caller's alone, to be made in the sandbox's memory. */
  ownFolder: string | null;
}

/** The order is what makes it safe: parents before children, and each point gets the access that
 * the policy decides for that very path. So a mount can cover an earlier one only with the same
 * decision or with a more specific one, and never uncovers it. */
export function planMounts(input: MountInput): Mount[] {
  const access = indexedAccess(input.rules);
  const mounts: Mount[] = [];
  const placed = new Map<string, Access>();
  const sealed: string[] = [];

  const root = access('/');
  if (root === 'masked') {
    mounts.push({ op: 'tmpfs', path: '/', mode: 0o755 });
    for (const [path, target] of input.rootLinks) mounts.push({ op: 'symlink', path, target });
    sealed.push('/');
  } else mounts.push({ op: root === 'read-write' ? 'bind' : 'ro-bind', path: '/' });
  placed.set('/', root);
  mounts.push(...kernelFolders(root));
  for (const path of ['/dev', '/proc']) placed.set(path, 'read-only');
  placed.set('/sys', root === 'masked' ? 'masked' : 'read-only');

  const points = collectPoints(input, access);
  const opened = points.filter(({ path }) => access(path) !== 'masked');
  const aroundOpened = new Set(opened.flatMap(({ path }) => foldersAbove(path)));
  for (const { path, pin } of points) {
    const here = access(path);
    const around = nearest(placed, path);
    if (here === around && !pin) continue;
    if (here === 'masked' && around === 'private') continue;
    placed.set(path, here);
    if (here === 'read-write') mounts.push({ op: 'bind', path });
    else if (here === 'read-only') mounts.push({ op: 'ro-bind', path });
    else if (here === 'private') mounts.push({ op: 'tmpfs', path, mode: 0o1777 });
    else if (!input.isDirectory(path)) mounts.push({ op: 'mask-file', path });
    else {
      /* Search alone, where something beneath is re-opened: it can be reached but not listed. */
      mounts.push({ op: 'tmpfs', path, mode: aroundOpened.has(path) ? 0o111 : 0 });
      sealed.push(path);
    }
  }
  /* After the rules, so that a write root above does not bring the host's back. */
  for (const file of input.files)
    if (access(file.path) !== 'masked') mounts.push({ op: 'file', ...file });
  if (input.ownFolder !== null) mounts.push({ op: 'folder', path: input.ownFolder, mode: 0o700 });
  /* Last, because until then mount points are made inside these folders. */
  for (const path of ['/dev', ...sealed]) mounts.push({ op: 'remount-ro', path });
  return mounts;
}

/** Fresh and private; srt-init covers what is writable in /proc. /sys is of the host, and
 * read-only even where `/` is writable. */
function kernelFolders(root: Access): Mount[] {
  const sys: Mount[] = root === 'read-write' ? [{ op: 'ro-bind', path: '/sys' }] : [];
  return [
    ...sys,
    { op: 'proc', path: '/proc' },
    { op: 'dev', path: '/dev' },
    { op: 'tmpfs', path: '/dev/shm', mode: 0o1777 },
  ];
}

/** Every path where the access may change, shallow first, and the folders to pin: a folder above
 * a protected path could be renamed away and replaced, unless it is a mount point (EBUSY). */
function collectPoints(
  { rules, cwd }: MountInput,
  access: (path: string) => Access,
): { path: string; pin: boolean }[] {
  const points = new Map<string, boolean>([[cwd, false]]);
  for (const { path } of rules) points.set(path, false);
  points.delete('/');
  for (const path of [...points.keys()]) {
    if (access(path) === 'read-write' || access(path) === 'private') continue;
    for (let above = dirname(path); above !== '/'; above = dirname(above)) {
      if (access(above) === 'read-write') points.set(above, true);
    }
  }
  const depth = (path: string) => path.split('/').length;
  return [...points]
    .map(([path, pin]) => ({ path, pin }))
    .sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1));
}

function nearest(placed: ReadonlyMap<string, Access>, path: string): Access {
  const at = [path, ...foldersAbove(path)].find((folder) => placed.has(folder));
  return (at === undefined ? undefined : placed.get(at)) ?? 'masked';
}
