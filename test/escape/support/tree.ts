import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** All that lies below a folder, as the host sees it: one line each, of the name, the inode, the mode
 * in octal, how many names it has, its size, when its content and what is known of it changed last in
 * nanoseconds, and where it leads. `leave` says what is not listed, nor what is beneath. */
export function listTree(root: string, leave: (name: string) => boolean = () => false): string[] {
  const lines: string[] = [];
  const visit = (name: string) => {
    const path = join(root, name);
    const status = lstatSync(path, { bigint: true });
    const { ino, mode, nlink, size, mtimeNs, ctimeNs } = status;
    const target = status.isSymbolicLink() ? readlinkSync(path) : '';
    const facts = [ino, mode.toString(8), nlink, size, mtimeNs, ctimeNs, target];
    lines.push([JSON.stringify(name), ...facts].join(' '));
    if (!status.isDirectory()) return;
    for (const child of readdirSync(path).sort()) {
      const below = join(name, child);
      if (!leave(below)) visit(below);
    }
  };
  visit('');
  return lines;
}
