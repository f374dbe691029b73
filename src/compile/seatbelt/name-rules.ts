import type { AccessMap } from './access-points.ts';
import type { FileRulesInput } from './file-rules.ts';
import { foldedPattern } from './folded-pattern.ts';
import { quote } from './quote.ts';
import { literal, rule } from './rule-text.ts';
import { canonicalPath, foldersAbove, spellings } from './spellings.ts';

/* Renaming is asked about as file-write-unlink of the old name and file-write-create of the new. */
const REPLACING = 'file-write-unlink file-write-create';

/** Rules for single operations. They contradict those for wildcards and so come after them all,
 * which is right whether the later rule wins or the one for the nearer operation. */
export function nameRules(input: FileRulesInput): string[] {
  return [
    '; Folders that are denied and lead to what is not: to be looked up, not listed.\n',
    ...lookUps(input),
    '; Write roots, and folders above what is denied in them: not to be moved or replaced.\n',
    ...rule('deny', REPLACING, pinnedFolders(input.map).flatMap(literal), input.tag),
    ...foldedNames(input),
  ];
}

/** realpath(3) asks about each folder on the way to a path, by the way that it was given. */
function lookUps({ map: { points, access }, tag }: FileRulesInput): string[] {
  const hidden = (path: string) => access(path) === 'masked' || access(path) === 'private';
  const folders = new Set<string>();
  for (const { path } of points.filter((point) => !hidden(point.path))) {
    for (const folder of spellings(path).flatMap(foldersAbove))
      if (hidden(canonicalPath(folder))) folders.add(folder);
  }
  const filters = [...folders].sort().map((folder) => `(literal ${quote(folder)})`);
  const texts = rule('allow', 'file-read-metadata', filters, tag);
  /* The loader of every program opens the root folder, and aborts where it may not. */
  if (hidden('/')) texts.push(...rule('allow', 'file-read-data', literal('/'), tag));
  return texts;
}

/** A folder above a denied path could be renamed away, and one with other contents renamed into
 * its place. A write root could be replaced by a link, which the next run would follow. */
function pinnedFolders({ points, access }: AccessMap): string[] {
  const pinned = new Set<string>();
  for (const { path, access: here, around } of points) {
    if (here === 'read-write') {
      if (around !== 'read-write' && path !== '/') pinned.add(path);
      continue;
    }
    for (const folder of foldersAbove(path)) {
      if (folder !== '/' && access(folder) === 'read-write') pinned.add(folder);
    }
  }
  return [...pinned].sort();
}

/** What exists is known to the kernel by its name on the disk, however it was asked for. But what
 * is made is known by the name that it is made with, and a rename may be such a case too: so every
 * case of a denied name, and of the folders above it, is denied. */
function foldedNames({ caseInsensitive, map: { points, access }, tag }: FileRulesInput): string[] {
  if (!caseInsensitive) return [];
  const patterns = points.flatMap(({ path, access: here, around }) => {
    if (here === 'read-write' || around !== 'read-write') return [];
    const above = foldersAbove(path);
    const closed = above.findIndex((folder) => access(folder) !== 'read-write');
    /* Where it lies nothing can be made, so its own case is that of the disk. */
    const root = above.at(closed === -1 ? -1 : closed - 1) ?? '/';
    return [`(regex ${quote(foldedPattern(root, path))})`];
  });
  return rule('deny', 'file-write-create', patterns, tag);
}
