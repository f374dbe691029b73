import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './doctor-checks.ts';

/* elf(5) */
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** Whether the installed program is the one for this machine (scripts/front.mjs). Everything is kept
 * without it. */
export function frontCheck(dist: string): Check {
  const quick = isNative(join(dist, 'bin', 'srt'));
  return {
    capability: 'quick start',
    status: quick ? 'ok' : 'warning',
    why: quick
      ? 'srt starts Node and the sandbox at the same time'
      : 'Node starts first and the sandbox after it: the package was installed without its scripts',
    fix: quick ? null : 'npm rebuild srt-sandbox',
  };
}

function isNative(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    const magic = Buffer.alloc(ELF.length);
    readSync(file, magic);
    closeSync(file);
    return magic.equals(ELF);
  } catch {
    return false;
  }
}
