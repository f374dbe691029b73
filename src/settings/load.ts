import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errnoOf, SrtError } from '../errors.ts';
import { parseText } from './parse.ts';
import type { LoadedSettings, Snapshot } from './settings.ts';
import { validateSettings } from './validate.ts';

/** The file that is read when none is named, in the user's home folder. */
export const DEFAULT_FILE = '.srt-settings.json';

/* A hundred times the largest settings seen; a file beyond it is a mistake or an attack. */
const MAX_BYTES = 1024 * 1024;

const BYTE_ORDER_MARK = /^\ufeff/;

/** Loads the named file, or `~/.srt-settings.json`, or where that does not exist the empty
 * settings (no network, no writes). A file that exists but cannot be used is never replaced by
 * defaults. Throws SRT_SETTINGS_UNREADABLE or SRT_SETTINGS_INVALID. */
export function loadSettings(named: string | null, home: string): LoadedSettings {
  if (named === '') {
    throw new SrtError('SRT_SETTINGS_UNREADABLE', 'the name of the settings file is empty');
  }
  if (named !== null) return loadSnapshot(readSettings(named, named), named);
  const file = `~/${DEFAULT_FILE}`;
  const path = `${home}/${DEFAULT_FILE}`;
  if (isMissing(path)) return { settings: {}, file, snapshot: null, locate: () => file };
  return loadSnapshot(readSettings(path, file), file);
}

/** A link that leads nowhere is a file that cannot be read, not one that is not there. */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false; // reading it says why
  }
}

function loadSnapshot(snapshot: Snapshot, file: string): LoadedSettings {
  return { ...loadText(snapshot.text, file), snapshot };
}

/** Settings from a string; `file` is what messages call it. */
export function loadText(text: string, file: string): LoadedSettings {
  const parsed = parseText(text, file);
  return { settings: validateSettings(parsed), file, snapshot: null, locate: parsed.locate };
}

/** Reads the file at `path`; `shown` is what messages call it. Throws SRT_SETTINGS_UNREADABLE. */
export function readSettings(path: string, shown: string): Snapshot {
  const fail = (problem: string, cause?: unknown) =>
    new SrtError('SRT_SETTINGS_UNREADABLE', `${shown}: ${problem}`, { cause });
  if (path.includes('\0')) throw fail('the name contains a NUL byte');
  let found: { bytes: Buffer; identity: string };
  try {
    found = readAtMost(path, MAX_BYTES + 1);
  } catch (error) {
    throw fail(readProblem(errnoOf(error)), error);
  }
  const { bytes, identity } = found;
  if (bytes.length > MAX_BYTES) throw fail('the settings file is larger than 1 MiB');
  if (!isUtf8(bytes)) throw fail('the settings file is not UTF-8 text');
  return { text: bytes.toString().replace(BYTE_ORDER_MARK, ''), identity };
}

function readProblem(errno: string): string {
  if (errno === 'ENOENT') return 'no such settings file';
  if (errno === 'EACCES') return 'the settings file is not readable (EACCES)';
  if (errno === 'EISDIR') return 'is a directory, not a settings file';
  return `the settings file cannot be read (${errno})`;
}

/** One open, one bounded read: also right for a pipe such as `-s <(...)`. */
function readAtMost(path: string, limit: number): { bytes: Buffer; identity: string } {
  const fd = openSync(path, 'r');
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (stat.isDirectory()) throw Object.assign(new Error('directory'), { code: 'EISDIR' });
    const chunks: Buffer[] = [];
    /* A regular file in one read, and one for its end. */
    const room = stat.size > 0n ? Number(stat.size) + 1 : 65_536;
    for (let total = 0; total < limit; ) {
      const chunk = Buffer.allocUnsafe(Math.min(room, limit - total));
      const count = readSync(fd, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      total += count;
    }
    /* The time too, because file systems use a number again. */
    const identity = `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
    return { bytes: Buffer.concat(chunks), identity };
  } finally {
    closeSync(fd);
  }
}
