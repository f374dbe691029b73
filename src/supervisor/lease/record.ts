import type { Placeholder } from '../../compile/names/placeholders.ts';
import type { Identity } from '../../host/paths.ts';

/** What one start wants to have, and to make, in one folder. */
export interface FolderRecord extends Identity {
  path: string;
  uses: readonly string[];
  makes: readonly Placeholder[];
}

/** What a start notes before it makes anything. Pure: text to values and back. */
export interface LeaseRecord {
  /** Of the kernel's start: numbers of devices, and locks, mean nothing in another. */
  boot: string;
  folders: readonly FolderRecord[];
  /** By folder and name, the inodes of what was made; null where nobody came to note them. */
  made: ReadonlyMap<string, bigint> | null;
}

/** One name in one folder, whatever paths lead there. */
export function placeOf({ device, inode }: Identity, name: string): string {
  return `${device}:${inode}/${name}`;
}

/* Two lines, of which the second is appended when everything is made: a line that is not whole was
 * never written as far as anybody acted on it. */

export function announcementLine(boot: string, folders: readonly FolderRecord[]): string {
  const numbers = folders.map((folder) => ({
    ...folder,
    device: String(folder.device),
    inode: String(folder.inode),
  }));
  return `${JSON.stringify({ boot, folders: numbers })}\n`;
}

export function madeLine(made: ReadonlyMap<string, bigint>): string {
  return `${JSON.stringify([...made].map(([place, inode]) => [place, String(inode)]))}\n`;
}

interface Announced {
  boot: string;
  folders: (Omit<FolderRecord, 'device' | 'inode'> & { device: string; inode: string })[];
}

/** Null where not even the first line is whole: then nothing was made. */
export function parseRecord(text: string): LeaseRecord | null {
  const [first, second] = text.split('\n').slice(0, -1);
  if (first === undefined) return null;
  const announced = parse<Announced>(first);
  const made = second === undefined ? null : parse<[string, string][]>(second);
  return (
    announced && {
      boot: announced.boot,
      folders: announced.folders.map((folder) => ({
        ...folder,
        device: BigInt(folder.device),
        inode: BigInt(folder.inode),
      })),
      made: made && new Map(made.map(toInode)),
    }
  );
}

/** A file system may leave anything in a file that was being written when the power failed. */
function parse<Line>(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

function toInode([place, inode]: [string, string]): [string, bigint] {
  return [place, BigInt(inode)];
}
