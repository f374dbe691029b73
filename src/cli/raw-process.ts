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

function readProc(file: string): Buffer | null {
  try {
    return readFileSync(`/proc/self/${file}`);
  } catch {
    return null;
  }
}

/** The last `count` arguments of this process, byte for byte: process.argv has replaced what is
 * not UTF-8. Where there is no procfs, what process.argv says. */
export function rawArguments(count: number): Buffer[] {
  if (count === 0) return [];
  const cmdline = readProc('cmdline');
  const decoded = process.argv.slice(-count);
  const raw = cmdline ? splitStrings(cmdline).slice(-count) : [];
  const same =
    raw.length === count && raw.every((bytes, i) => bytes.toString('utf8') === decoded[i]);
  return same ? raw : decoded.map((argument) => Buffer.from(argument));
}

/** The environment of this process, byte for byte. Names that Node has removed stay removed. */
export function rawEnvironment(): Environment {
  const entries = new Map<string, Buffer>();
  for (const [name, value] of Object.entries(process.env)) {
    entries.set(name, Buffer.from(`${name}=${value ?? ''}`));
  }
  const environ = readProc('environ');
  for (const entry of environ ? splitStrings(environ) : []) {
    const name = entry.subarray(0, Math.max(0, entry.indexOf('=', 1))).toString('utf8');
    const value = process.env[name];
    if (value !== undefined && entry.toString('utf8') === `${name}=${value}`)
      entries.set(name, entry);
  }
  return entries;
}
