import { fstatSync, readFileSync, readSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import type { Environment } from './facts.ts';

/** Splits the kernel's NUL-terminated strings (proc(5), cmdline and environ). */
function splitStrings(bytes: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    const stop = end === -1 ? bytes.length : end;
    strings.push(bytes.subarray(start, stop));
    start = stop + 1;
  }
  return strings;
}

function readProc(file: string): Buffer {
  try {
    return readFileSync(`/proc/self/${file}`);
  } catch {
    return Buffer.alloc(0);
  }
}

/** What decoding puts in the place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** The last `count` arguments of this process, byte for byte: process.argv has replaced what is
 * not UTF-8. Where there is no procfs, what process.argv says. */
export function rawArguments(count: number): Buffer[] {
  if (count === 0) return [];
  const decoded = process.argv.slice(-count);
  const asDecoded = () => decoded.map((argument) => Buffer.from(argument));
  if (!decoded.some((argument) => argument.includes(REPLACEMENT))) return asDecoded();
  const raw = splitStrings(readProc('cmdline')).slice(-count);
  const same = raw.length === count && raw.every((bytes, i) => bytes.toString() === decoded[i]);
  return same ? raw : asDecoded();
}

/** The environment of this process, byte for byte; process.env has replaced what is not UTF-8,
 * and is slow to list. Of two entries of one name the first, as in getenv. Where there is no
 * procfs, what process.env says. */
export function rawEnvironment(): Environment {
  const raw = splitStrings(readProc('environ'));
  return byName(raw.length > 0 ? raw : decodedEnvironment());
}

/** The environment in an open file, as procfs has that of a process. */
export function environmentIn(file: number): Environment {
  return byName(splitStrings(readAll(file)));
}

/** From its start, wherever it was read to. */
function readAll(file: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(file).size);
  for (let done = 0; done < bytes.length; ) {
    const got = readSync(file, bytes, done, bytes.length - done, done);
    if (got === 0) break;
    done += got;
  }
  return bytes;
}

function byName(entries: readonly Buffer[]): Environment {
  const environment = new Map<string, Buffer>();
  for (const entry of entries) {
    const name = nameOf(entry);
    if (!environment.has(name)) environment.set(name, entry);
  }
  return environment;
}

/** As Latin-1, in which two names of different bytes stay different. The kernel takes any string:
 * one without = is all name, and a first = is part of it. */
function nameOf(entry: Buffer): string {
  const end = entry.indexOf('=', 1);
  return entry.toString('latin1', 0, end === -1 ? entry.length : end);
}

function decodedEnvironment(): Buffer[] {
  return Object.entries(process.env).map(([name, value]) => Buffer.from(`${name}=${value}`));
}

/** The folder that `~` means, from HOME, and the user database's where that is another: a HOME
 * set by a config entry must not take the real one's credential stores out of sight. */
export function homeFolders(): { home: string; otherHomes: string[] } {
  const registered = registeredHome();
  const home = homedir() || registered || '/';
  return { home, otherHomes: registered && registered !== home ? [registered] : [] };
}

function registeredHome(): string | null {
  try {
    return userInfo().homedir;
  } catch {
    return null; // no entry for this uid, as in many containers
  }
}
