import { exactText, wideName } from './name-regex.ts';
import { spellings } from './spellings.ts';

/** A pattern for `path` and the folders between it and `base`, in every case that a volume may take
 * for the same name. It errs by matching too much: what it matches may not be created. */
export function foldedPattern(base: string, path: string): string {
  const [first = '', ...more] = path.slice(base === '/' ? 1 : base.length + 1).split('/');
  const anyCase = (name: string) => wideName({ type: 'name', name });
  const tail = more.reduceRight((inner, name) => `(/${anyCase(name)}${inner})?`, '');
  const bases = spellings(base === '/' ? '' : base).map(exactText);
  return `^${bases.length === 1 ? bases[0] : `(${bases.join('|')})`}/${anyCase(first)}${tail}$`;
}
