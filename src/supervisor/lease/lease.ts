import { closeSync, fstatSync } from 'node:fs';
import type { PlaceholderFolder } from '../../compile/names/placeholders.ts';
import type { LaunchPlan } from '../../compile/plan.ts';
import { errnoOf } from '../../errors.ts';
import type { Identity } from '../../host/paths.ts';
import { openFolder } from '../open-folder.ts';
import { bootId } from './boot.ts';
import { changed } from './changed.ts';
import { makePlaceholder } from './placeholders.ts';
import { announcementLine, type FolderRecord, madeLine, placeOf } from './record.ts';
import { openRegistry, type Registry } from './registry.ts';
import { sweep } from './sweep.ts';

type Placeholders = Pick<NonNullable<LaunchPlan['placeholders']>, 'lease' | 'folders'>;

/** What one running command holds of the placeholders. */
export interface Lease {
  /** Nobody takes them away as long as it is open anywhere. */
  descriptor: number;
  /** Whether it holds all that another plan uses. */
  covers(folders: readonly PlaceholderFolder[]): boolean;
  /** Removes those that nobody else holds. Throws SRT_HOST_LEASE; then the next start does. */
  release(): void;
}

/** Makes what is missing, and says what is in use, so that neither the end of another sandbox nor
 * the next start takes it away. What an earlier run left behind is removed first. Throws
 * SRT_HOST_LEASE, and SRT_LAUNCH_CHANGED where a folder is not the one that was looked at. */
export function takeLease(helper: string, { lease, folders }: Placeholders): Lease {
  const registry = openRegistry(lease, helper);
  try {
    const descriptor = registry.add();
    try {
      fill(registry, descriptor, folders);
    } catch (error) {
      /* Without its lock the record is that of a run that ended. */
      closeSync(descriptor);
      sweep(registry);
      throw error;
    }
    return {
      descriptor,
      covers: (others) => isCovered(others, folders),
      release() {
        closeSync(descriptor);
        releaseUnheld(helper, lease);
      },
    };
  } finally {
    registry.close();
  }
}

function fill(registry: Registry, descriptor: number, folders: readonly PlaceholderFolder[]): void {
  const opened = openFolders(folders);
  try {
    const records = opened.map(({ record }) => record);
    registry.note(descriptor, announcementLine(bootId(), records));
    sweep(registry);
    registry.note(descriptor, madeLine(makeAll(opened)));
  } finally {
    for (const { fd } of opened) closeSync(fd);
  }
}

function releaseUnheld(helper: string, lease: string): void {
  const registry = openRegistry(lease, helper);
  try {
    sweep(registry);
  } finally {
    registry.close();
  }
}

interface OpenedFolder {
  fd: number;
  record: FolderRecord;
}

function openFolders(folders: readonly PlaceholderFolder[]): OpenedFolder[] {
  const opened: OpenedFolder[] = [];
  try {
    for (const { path, identity, uses, missing: makes } of folders) {
      const fd = openWhatWasSeen(path);
      const { dev: device, ino: inode } = fstatSync(fd, { bigint: true });
      opened.push({ fd, record: { path, device, inode, uses, makes } });
      if (identity && !isSame(identity, { device, inode })) throw changed(path);
    }
    return opened;
  } catch (error) {
    for (const { fd } of opened) closeSync(fd);
    throw error;
  }
}

function openWhatWasSeen(path: string): number {
  try {
    return openFolder(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error))) throw changed(path);
    throw error;
  }
}

function isSame(a: Identity, b: Identity): boolean {
  return a.device === b.device && a.inode === b.inode;
}

function makeAll(opened: readonly OpenedFolder[]): Map<string, bigint> {
  const made = new Map<string, bigint>();
  for (const { fd, record } of opened) {
    for (const placeholder of record.makes) {
      const inode = makePlaceholder(fd, placeholder);
      if (inode !== null) made.set(placeOf(record, placeholder.name), inode);
    }
  }
  return made;
}

function isCovered(
  others: readonly PlaceholderFolder[],
  folders: readonly PlaceholderFolder[],
): boolean {
  const held = new Set(folders.flatMap(({ path, uses }) => uses.map((name) => `${path}/${name}`)));
  return others.every(({ path, uses }) => uses.every((name) => held.has(`${path}/${name}`)));
}
