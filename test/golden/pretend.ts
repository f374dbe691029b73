/* A tree of files that is nowhere: what probing it would find. */
import { dirname } from 'node:path';
import type { PathFact } from '../../src/host/paths.ts';

/** `links` lead to folders. */
export function pretend(
  files: readonly string[],
  links: ReadonlyMap<string, string>,
): (path: string) => PathFact {
  const folders = new Set<string>(['/']);
  for (const file of files) {
    for (let above = dirname(file); above !== '/'; above = dirname(above)) folders.add(above);
  }
  return function probe(path: string): PathFact {
    const [link, target] = [...links].find(([at]) => `${path}/`.startsWith(`${at}/`)) ?? [];
    if (link !== undefined) {
      const fact = probe(target + path.slice(link.length));
      return fact.kind === 'unreachable' ? fact : { ...fact, links: [link] };
    }
    if (folders.has(path)) return { kind: 'directory', real: path, links: [] };
    return { kind: files.includes(path) ? 'file' : 'missing', real: path, links: [] };
  };
}
