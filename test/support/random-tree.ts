import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { bytesOf } from './judge.ts';
import { pick, type Random } from './seeded.ts';

const FOLDERS = ['a', 'b', 'A', '.git', '.vscode', 'node_modules', '[x]', 'sub'];
const FILES = [
  'c.txt',
  'd.c',
  '.env',
  'config',
  '*',
  'n\nl',
  '\u00e9.txt',
  '\udcff',
  'hooks',
  '.bashrc',
];

/** What was built below one folder; paths are relative to it, folders before what is in them. */
export interface RandomTree {
  folders: string[];
  files: string[];
  pipes: string[];
  links: [path: string, target: string][];
}

export function randomTree(random: Random): RandomTree {
  const folders = [''];
  for (let left = 6 + random(8); left > 0; left--) {
    const parent = pick(random, folders);
    const path = below(parent, pick(random, FOLDERS));
    if (path.split('/').length <= 5 && !folders.includes(path)) folders.push(path);
  }
  const free = new Set(folders);
  const unused = (names: readonly string[]) => {
    const path = below(pick(random, folders), pick(random, names));
    if (free.has(path)) return [];
    free.add(path);
    return [path];
  };
  const times = <T>(count: number, make: () => T[]) => Array.from({ length: count }, make).flat();
  const files = times(8 + random(8), () => unused(FILES));
  /* A rule through a link to such a name does not start (host/paths.ts has strings). */
  const readable = files.filter((path) => !path.includes('\udcff'));
  const pipes = times(random(2), () => unused(['pipe']));
  const links = times(random(4), () =>
    unused(['link', 'link.txt']).map((path): [string, string] => {
      return [path, pick(random, [...folders.slice(1), ...readable, 'nowhere'])];
    }),
  );
  return { folders: folders.slice(1), files, pipes, links };
}

export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A name that is not there, or may be. */
export function randomName(random: Random): string {
  return pick(random, [...FOLDERS, ...FILES, 'new', 'new.txt', '.GIT', 'mcp.json', '.mcp.json']);
}

export function buildTree({ folders, files, pipes, links }: RandomTree, root: string): void {
  const at = (path: string) => bytesOf(`${root}/${path}`);
  mkdirSync(root, { recursive: true });
  for (const path of folders) mkdirSync(at(path));
  for (const path of files) writeFileSync(at(path), 'text');
  for (const path of pipes) execFileSync('mkfifo', [`${root}/${path}`]);
  for (const [path, target] of links) symlinkSync(at(target), at(path));
}

/** Where a path leads, or null where it leads nowhere; with `parent` its last name stands for itself. */
export function realPath(path: string, parent = false): string | null {
  const end = path.lastIndexOf('/');
  try {
    const real = realpathSync.native(bytesOf(parent ? path.slice(0, end) : path), 'buffer');
    /* The one byte of these names that is never part of UTF-8. */
    const text = real.toString('latin1').split('\u00ff');
    const folder = text.map((part) => Buffer.from(part, 'latin1').toString()).join('\udcff');
    return parent ? folder + path.slice(end) : folder;
  } catch {
    return null;
  }
}
