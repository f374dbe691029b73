import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for a test of code that looks at files. */
export interface Temporary {
  path: string;
  /** Writes a file below it, making folders as needed, and returns its path. */
  file(name: string, content?: string | Uint8Array, mode?: number): string;
  folder(name: string): string;
  remove(): void;
}

export function temporary(): Temporary {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'srt-unit-')));
  const folder = (name: string) => {
    mkdirSync(join(path, name), { recursive: true });
    return join(path, name);
  };
  return {
    path,
    folder,
    file(name, content = '', mode = 0o644) {
      const file = join(path, name);
      folder(dirname(name));
      writeFileSync(file, content);
      /* The umask does not apply to chmod. */
      chmodSync(file, mode);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
