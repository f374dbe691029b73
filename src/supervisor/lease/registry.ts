import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { errnoOf, isSrtError, SrtError } from '../../errors.ts';
import { inFolder } from '../open-folder.ts';
import { tryLocks, waitForLock } from './locks.ts';
import { type LeaseRecord, parseRecord } from './record.ts';

const RECORD = /^[0-9a-f]{16}\.jsonl$/;

/** The records of all sandboxes of this user. Whoever has it open is alone with it. */
export interface Registry {
  /** A new record, locked, and empty. The descriptor is the caller's to close. */
  add(): number;
  /** Appends a line to a record, which outlives a power failure from the moment this returns. */
  note(record: number, line: string): void;
  list(): StoredRecord[];
  remove(stored: StoredRecord): void;
  close(): void;
}

export interface StoredRecord {
  file: string;
  /** Whether somebody has it locked. */
  alive: boolean;
  /** Null where it was not written to its end. */
  record: LeaseRecord | null;
  /** Milliseconds since 1970. */
  written: number;
}

/** Makes the folder where it is not there, and sees that it is nobody else's. It has to exist before
 * the mounts that hide it from sandboxes. Throws SRT_HOST_LEASE. */
export function prepareLeaseFolder(path: string): void {
  closeSync(openLeaseFolder(path));
}

function openLeaseFolder(path: string): number {
  return use(path, () => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const fd = openSync(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const { uid, mode } = fstatSync(fd);
    if (uid === process.getuid?.() && (mode & 0o077) === 0) return fd;
    closeSync(fd);
    throw unusable(path, 'it is not yours alone');
  });
}

function unusable(path: string, why: string): SrtError {
  const isFull = why === 'ENOSPC' || why === 'EDQUOT';
  const remedy = isFull ? 'make room on its disk' : 'make it a folder of yours with mode 0700';
  return new SrtError('SRT_HOST_LEASE', `${JSON.stringify(path)} cannot be used: ${why}`, {
    hint: `${remedy}, or leave filesystem.names at "mediate"`,
  });
}

function use<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const errno = errnoOf(error);
    throw isSrtError(error) || errno === '' ? error : unusable(path, errno);
  }
}

export function openRegistry(path: string, helper: string): Registry {
  const folder = openLeaseFolder(path);
  const at = (file: string) => inFolder(folder, file);
  const open = (file: string, flags: number) =>
    openSync(at(file), flags | constants.O_NOFOLLOW | constants.O_RDWR, 0o600);
  let gate: number | null = null;
  const close = () => {
    if (gate !== null) closeSync(gate);
    closeSync(folder);
  };
  try {
    gate = use(path, () => open('lock', constants.O_CREAT));
    waitForLock(helper, gate);
  } catch (error) {
    close();
    throw error;
  }
  return {
    close,
    add() {
      const file = `${randomBytes(8).toString('hex')}.jsonl`;
      const fd = use(path, () => open(file, constants.O_CREAT | constants.O_EXCL));
      try {
        const [locked] = tryLocks(helper, [fd]);
        if (!locked) throw unusable(path, 'a new record is locked');
        fsyncSync(folder);
        return fd;
      } catch (error) {
        closeSync(fd);
        throw error;
      }
    },
    note: (record, line) => use(path, () => writeLine(record, line)),
    list() {
      const files = readdirSync(at('')).filter((file) => RECORD.test(file));
      const fds: number[] = [];
      try {
        for (const file of files) fds.push(open(file, 0));
        const free = tryLocks(helper, fds);
        return files.map((file, number) => {
          const fd = fds[number] as number;
          const record = parseRecord(readFileSync(fd, 'utf8'));
          return { file, alive: !free[number], record, written: fstatSync(fd).mtimeMs };
        });
      } finally {
        for (const fd of fds) closeSync(fd);
      }
    },
    remove({ file }) {
      unlinkSync(at(file));
    },
  };
}

function writeLine(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  fsyncSync(fd);
}
