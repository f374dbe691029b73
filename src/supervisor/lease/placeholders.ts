import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Placeholder } from '../../compile/names/placeholders.ts';
import { errnoOf, SrtError } from '../../errors.ts';
import { inFolder } from '../open-folder.ts';

/** Set when it is made, so that what was made is known by it when nobody came to note its inode: no
 * program makes empty files with this bit, which means nothing on files, or folders of one's own. */
const MARK = 0o1000;

/** Makes an empty one and returns its inode, or null where there is something of that name already.
 * Throws SRT_HOST_LEASE where it cannot be made so that it can be told from others. */
export function makePlaceholder(folder: number, placeholder: Placeholder): bigint | null {
  const { name, kind, content } = placeholder;
  const path = inFolder(folder, name);
  try {
    const status = kind === 'file' ? makeFile(path, content) : makeFolder(path);
    if ((Number(status.mode) & MARK) !== 0) return status.ino;
    if (kind === 'file') unlinkSync(path);
    else rmdirSync(path);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return null;
    throw notMade(name, errnoOf(error));
  }
  throw notMade(name, 'its file system keeps no sticky bit');
}

function makeFile(path: string, content: string): BigIntStats {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY;
  const fd = openSync(path, flags, MARK | 0o644);
  try {
    const status = fstatSync(fd, { bigint: true });
    if (content !== '') writeSync(fd, content);
    return status;
  } finally {
    closeSync(fd);
  }
}

function makeFolder(path: string): BigIntStats {
  mkdirSync(path, MARK | 0o755);
  return lstatSync(path, { bigint: true });
}

function notMade(name: string, why: string): SrtError {
  return new SrtError('SRT_HOST_LEASE', `no placeholder for ${JSON.stringify(name)}: ${why}`, {
    hint: 'leave filesystem.names at "mediate", or see that there is room and the folder can be written',
  });
}

/** Removes what is still the placeholder, and holds nothing else; `inode` is null where it was not noted. Returns
 * whether there is nothing left to do: what has become something else stays. */
export function removePlaceholder(
  folder: number,
  { name, kind, content }: Placeholder,
  inode: bigint | null,
): boolean {
  const path = inFolder(folder, name);
  try {
    const status = lstatSync(path, { bigint: true });
    if (!isPlaceholder(status, kind) || (inode !== null && status.ino !== inode)) return true;
    if (status.isFile() && !holds(path, status, content)) return true;
    if (kind === 'file') unlinkSync(path);
    else rmdirSync(path);
    return true;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(error));
  }
}

/** Nothing, as when srt was killed before it could write, or what srt wrote. */
function holds(path: string, { size, ino }: BigIntStats, content: string): boolean {
  if (size === 0n) return true;
  if (size !== BigInt(content.length)) return false;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(fd, { bigint: true }).ino === ino && readFileSync(fd, 'utf8') === content;
  } finally {
    closeSync(fd);
  }
}

function isPlaceholder(status: BigIntStats, kind: Placeholder['kind']): boolean {
  const isKind = kind === 'file' ? status.isFile() && status.nlink === 1n : status.isDirectory();
  const isMarked = (Number(status.mode) & MARK) !== 0;
  return isKind && isMarked && Number(status.uid) === process.getuid?.();
}
