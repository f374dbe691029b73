import { dirname } from 'node:path';
import { createPathProbe, type PathFact } from '../paths.ts';
import { createDiskSpelling, DISK, type Names } from './disk-names.ts';

/** createPathProbe with every name as the disk spells it, as far as it is there. */
export function createMacPathProbe(
  probe: (path: string) => PathFact = createPathProbe(),
  names: Names = DISK,
): (path: string) => PathFact {
  const spell = createDiskSpelling(names);
  return (path) => {
    const fact = probe(path);
    if (fact.kind === 'unreachable') return fact;
    const real =
      fact.kind === 'missing' ? spellExisting(fact.real, spell, names) : spell(fact.real);
    return { ...fact, real, links: fact.links.map(spell) };
  };
}

/** Of what is missing the folders above it that are there. */
function spellExisting(path: string, spell: (path: string) => string, names: Names): string {
  let above = path;
  while (above !== '/' && names.identity(above) === null) above = dirname(above);
  return above === '/' ? path : spell(above) + path.slice(above.length);
}
