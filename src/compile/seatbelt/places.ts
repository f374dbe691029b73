import type { Pattern } from '../../policy/glob.ts';
import { isWithin } from '../../policy/path-rules.ts';
import { walkKnown } from './known-folder.ts';
import { PRIVATE_LINKS, spellingsBelow } from './spellings.ts';

/* Below /private are three folders that have a shorter name too. An expression counts names, so where
 * it is about that name it is another one for each. */

/** A folder by some of its names. */
export interface Place {
  /** What its names are below, if not everything, and what they are not below. */
  within: readonly string[];
  without: readonly string[];
  /** How expressions for what is below it begin: by as many names as lead there. */
  stem: string;
  /** What of a pattern there is to look for here; an empty one means all there is. */
  read(pattern: Pattern): readonly Pattern[];
  /** The same of one that makes an exception. */
  readExcept(pattern: Pattern): readonly Pattern[];
}

const asItIs = (pattern: Pattern) => [pattern];

export function placesOf(folder: string, patterns: readonly Pattern[]): Place[] {
  const place = { without: [], stem: stemOf(folder), read: asItIs, readExcept: asItIs };
  const links = { ...place, within: PRIVATE_LINKS, stem: '' };
  if (folder === '/private') return [{ ...place, within: [folder] }, links];
  if (folder !== '/') return [{ ...place, within: spellingsBelow(folder) }];
  const read = (wanted: boolean) => (pattern: Pattern) =>
    isReadOtherwise(pattern) === wanted ? [pattern] : [];
  const everywhere = { ...place, within: [], read: read(false) };
  if (!patterns.some(isReadOtherwise)) return [everywhere];
  return [
    everywhere,
    { ...everywhere, without: PRIVATE_LINKS, read: read(true) },
    {
      ...links,
      read: (pattern) => (isReadOtherwise(pattern) ? leftInPrivate(pattern) : []),
      readExcept: leftInPrivate,
    },
  ];
}

/** Whether one of the shorter names, as it is, means something else to the pattern than the longer. */
function isReadOtherwise(pattern: Pattern): boolean {
  const shapeOf = (names: readonly string[], skipped: number) => {
    const { left, complete } = walkKnown(pattern, names);
    return JSON.stringify([left.map(({ length }) => length), complete.map((end) => end - skipped)]);
  };
  return PRIVATE_LINKS.some((link) => {
    const name = link.slice(1);
    return shapeOf(['private', name], 1) !== shapeOf([name], 0);
  });
}

function leftInPrivate(pattern: Pattern): Pattern[] {
  const { left, complete } = walkKnown(pattern, ['private']);
  return [...left, ...complete.map(() => [])];
}

export function stemOf(path: string): string {
  const names = path.split('/').filter((name) => name !== '');
  const isShorter = PRIVATE_LINKS.some((link) => isWithin(path, `/private${link}`));
  const known = isShorter ? `(/private)?/${names[1]}` : '';
  return known + '/[^/]+'.repeat(names.length - (isShorter ? 2 : 0));
}
