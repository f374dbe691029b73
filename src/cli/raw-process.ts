import { readFileSync } from 'node:fs';
import type { Environment } from '../compile/environment.ts';

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

/** The environment of this process, byte for byte. Names that Node has removed stay removed. */
export function rawEnvironment(): Environment {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(process.env)) texts.set(name, `${name}=${value}`);
  const entries = new Map<string, Buffer>(
    [...texts].map(([name, text]) => [name, Buffer.from(text)]),
  );
  if (![...texts.values()].some((text) => text.includes(REPLACEMENT))) return entries;
  for (const entry of splitStrings(readProc('environ'))) {
    const text = entry.toString();
    const name = text.slice(0, Math.max(0, text.indexOf('=', 1)));
    if (texts.get(name) === text) entries.set(name, entry);
  }
  return entries;
}
