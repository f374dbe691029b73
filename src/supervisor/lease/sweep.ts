import { closeSync, fstatSync } from 'node:fs';
import { openFolder } from '../open-folder.ts';
import { bootId } from './boot.ts';
import { removePlaceholder } from './placeholders.ts';
import { type FolderRecord, type LeaseRecord, placeOf } from './record.ts';
import type { Registry } from './registry.ts';

/* A disk that is not there may come back, with what is on it; a folder that was removed will not. */
const REMEMBERED = 30 * 24 * 60 * 60 * 1000;

/** Removes the placeholders that nobody holds, with the records of those who made them. */
export function sweep(registry: Registry): void {
  const stored = registry.list();
  const held = new Set(
    stored.flatMap(({ alive, record }) =>
      alive && record
        ? record.folders.flatMap((folder) => folder.uses.map((name) => placeOf(folder, name)))
        : [],
    ),
  );
  for (const one of stored) {
    if (one.alive) continue;
    const { record, written } = one;
    const isDone = record?.folders.every((folder) => clear(folder, record, held)) ?? true;
    if (isDone || Date.now() - written > REMEMBERED) registry.remove(one);
  }
}

/** Whether nothing of it is left to remove. */
function clear(folder: FolderRecord, record: LeaseRecord, held: ReadonlySet<string>): boolean {
  if (folder.makes.length === 0) return true;
  let fd: number;
  try {
    fd = openFolder(folder.path);
  } catch {
    return false;
  }
  try {
    const { dev: device, ino: inode } = fstatSync(fd, { bigint: true });
    if (inode !== folder.inode || (record.boot === bootId() && device !== folder.device))
      return false;
    return folder.makes
      .map((placeholder) => {
        const { name } = placeholder;
        if (held.has(placeOf({ device, inode }, name))) return false;
        const noted = record.made?.get(placeOf(folder, name));
        if (record.made !== null && noted === undefined) return true;
        return removePlaceholder(fd, placeholder, noted ?? null);
      })
      .every(Boolean);
  } finally {
    closeSync(fd);
  }
}
