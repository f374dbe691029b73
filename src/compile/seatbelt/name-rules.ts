import { foldersAbove } from '../indexed-access.ts';
import type { AccessMap } from './access-points.ts';
import type { FileRulesInput } from './file-rules.ts';
import { foldedPattern } from './folded-pattern.ts';
import { quote } from './quote.ts';
import { headed, literal, rule } from './rule-text.ts';
import { allOf, none } from './scoped-filters.ts';
import { canonicalPath, spellings } from './spellings.ts';

/* Renaming is asked about as file-write-unlink of the old name and file-write-create of the new. */
const REPLACING = 'file-write-unlink file-write-create';

export interface NameRulesInput extends FileRulesInput {
  /** Whether a path is shown. */
  shows(path: string): boolean;
  /** Folders that rules by name count from, or that are shown or writable inside of others. */
  fixed: readonly string[];
  /** Rules for looking up what leads to what patterns show, and where they begin. */
  lookUps: readonly string[];
  shownFrom: readonly string[];
  /** Filters for folders that lead to what names deny, and to what patterns allow. */
  passages: readonly string[];
  unlinked: readonly string[];
}

/** Rules for single operations. They contradict those for wildcards and so come after them all,
 * which is right whether the later rule wins or the one for the nearer operation. */
export function nameRules(input: NameRulesInput): string[] {
  const { tag, map } = input;
  const pinned = pinnedFolders(input);
  return [
    ...headed(
      '; Folders that are denied and lead to what is not: to be looked up, not listed.\n',
      lookUps(input),
    ),
    ...headed('; The same for what patterns show.\n', input.lookUps),
    ...headed(
      '; Write roots, and folders above what is denied in them: not to be moved or replaced.\n',
      rule('deny', REPLACING, pinned.flatMap(literal), tag),
    ),
    ...headed(
      '; Names that are denied or have to stay, in every case that a volume may take for theirs.\n',
      foldedNames(
        input,
        pinned.filter((path) => isInside(map, path)),
      ),
    ),
    ...headed(
      '; Folders that names lead through: not to be made, moved or replaced, with what they would bring\n' +
        '; along or leave behind. What is a file for certain is no folder that is renamed.\n',
      rule('deny', REPLACING, allOf(input.passages, none([FILE])), tag),
    ),
    ...headed(
      '; Folders that patterns of allowWrite lead through: no link in their place.\n',
      rule('deny', REPLACING, allOf(input.unlinked, none([FILE, FOLDER])), tag),
    ),
  ];
}

const FILE = '(vnode-type REGULAR-FILE)';
const FOLDER = '(vnode-type DIRECTORY)';

/** realpath(3) asks about each folder on the way to a path, by the way that it was given. */
function lookUps({ map: { points }, shows, shownFrom, tag }: NameRulesInput): string[] {
  const folders = new Set<string>();
  const shown = points.flatMap(({ path }) => (shows(path) ? foldersOn(path) : []));
  const begun = shownFrom.flatMap((path) => [...spellings(path), ...foldersOn(path)]);
  for (const folder of [...shown, ...begun]) if (!shows(canonicalPath(folder))) folders.add(folder);
  const filters = [...folders].sort().map((folder) => `(literal ${quote(folder)})`);
  const texts = rule('allow', 'file-read-metadata', filters, tag);
  const loader =
    '; The loader of every program opens the root folder, and aborts where it may not.\n';
  if (!shows('/'))
    texts.push(...headed(loader, rule('allow', 'file-read-data', literal('/'), tag)));
  return texts;
}

/** Those above a path, by each of its names. */
function foldersOn(path: string): string[] {
  return spellings(path).flatMap(foldersAbove);
}

/** A folder above a denied path could be renamed away, and one with other contents renamed into
 * its place. A write root could be replaced by a link, which the next run would follow. */
function pinnedFolders({ map: { points, access }, fixed }: NameRulesInput): string[] {
  const pinned = new Set<string>();
  const pinAbove = (path: string) => {
    for (const folder of foldersAbove(path))
      if (folder !== '/' && access(folder) === 'read-write') pinned.add(folder);
  };
  for (const { path, access: here, around } of points) {
    if (here !== 'read-write') pinAbove(path);
    else if (around !== 'read-write' && path !== '/') pinned.add(path);
  }
  for (const path of fixed) {
    if (path !== '/' && access(path) === 'read-write') pinned.add(path);
    pinAbove(path);
  }
  return [...pinned].sort();
}

function isInside({ access }: AccessMap, path: string): boolean {
  const [above = '/'] = foldersAbove(path);
  return access(above) === 'read-write';
}

/** What exists is known to the kernel by its name on the disk, however it was asked for. But what
 * is made is known by the name that it is made with, and a rename may be such a case too: so every
 * case of a denied name, and of the folders above it, is denied. */
function foldedNames(
  { caseInsensitive, map: { points, access }, tag }: NameRulesInput,
  pinned: readonly string[],
): string[] {
  if (!caseInsensitive) return [];
  const denied = points.flatMap(({ path, access: here, around }) =>
    here === 'read-write' || around !== 'read-write' ? [] : [path],
  );
  const known = new Set([...denied, ...pinned].flatMap(foldersAbove));
  const patterns = [...denied, ...pinned.filter((path) => !known.has(path))].map((path) => {
    const above = foldersAbove(path);
    const closed = above.findIndex((folder) => access(folder) !== 'read-write');
    /* Where it lies nothing can be made, so its own case is that of the disk. */
    const root = above.at(closed === -1 ? -1 : closed - 1) ?? '/';
    return `(regex ${quote(foldedPattern(root, path))})`;
  });
  return rule('deny', 'file-write-create', patterns, tag);
}
