import { lstatSync, readdirSync } from 'node:fs';

/** What is asked of a file system to learn how it spells a name. */
export interface Names {
  /** The names in a folder, or null where they cannot be listed. */
  list(folder: string): readonly string[] | null;
  /** The same for the same object, "device:inode"; null for none. */
  identity(path: string): string | null;
}

export const DISK: Names = {
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return null;
    }
  },
  identity(path) {
    const status = lstatSync(path, { throwIfNoEntry: false, bigint: true });
    return status ? `${status.dev}:${status.ino}` : null;
  },
};

/** Spells an existing path as the disk does: volumes of macOS take `.SSH`, and é in one character or
 * two, for the name that they have, while rules of a sandbox compare bytes. What a folder does not
 * list stays as it was given. The returned function remembers folders. */
export function createDiskSpelling(names: Names = DISK): (path: string) => string {
  const known = new Map<string, string>([['/', '/']]);
  const listed = new Map<string, readonly string[]>();

  function listing(folder: string): readonly string[] {
    const found = listed.get(folder) ?? names.list(folder) ?? [];
    listed.set(folder, found);
    return found;
  }

  function spell(path: string): string {
    const found = known.get(path);
    if (found !== undefined) return found;
    const cut = path.lastIndexOf('/');
    const folder = spell(path.slice(0, cut) || '/');
    const name = nameIn(folder, path.slice(cut + 1));
    const spelled = folder === '/' ? `/${name}` : `${folder}/${name}`;
    known.set(path, spelled);
    return spelled;
  }

  function nameIn(folder: string, name: string): string {
    const entries = listing(folder);
    if (entries.includes(name)) return name;
    const wanted = folded(name);
    const identity = names.identity(`${folder}/${name}`);
    return (
      entries.find(
        (entry) => folded(entry) === wanted && names.identity(`${folder}/${entry}`) === identity,
      ) ?? name
    );
  }

  return spell;
}

function folded(name: string): string {
  return name.normalize('NFKD').toUpperCase().toLowerCase();
}
