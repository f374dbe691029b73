import type { Segment } from './glob.ts';
import { spellOut } from './several-letters.ts';

/* foldName knows all names that are meant by one of ASCII. Those that are meant by a letter beyond it are in
 * tables that each file system has a version of its own of. */

/** Why a rule is refused that denies by such letters where case is ignored: a problem and a hint, as they
 * follow the rule's name. */
export const UNFOLDED_LETTERS = {
  problem:
    'has letters beyond ASCII, of which srt does not know every spelling that the file system takes',
  hint: 'put * in the place of these letters, or keep it where case matters',
} as const;

/** Whether a file system that ignores case may take names for the segment that folding does not find. */
export function hasUnfoldedLetters(segment: Segment): boolean {
  if (segment.type === 'deep') return false;
  if (segment.type === 'name') return hasSpellings(segment.name);
  return segment.parts.some((part) => {
    if (part.type === 'text') return hasSpellings(part.text);
    return part.type === 'set' && !part.negated && part.ranges.some(([, last]) => last > 0x7f);
  });
}

/** Letters that have a case, or that can be written as a letter and its accent. */
function hasSpellings(text: string): boolean {
  return [...spellOut(text)].some(
    (one) =>
      one > '\u007f' &&
      (/[\p{Cased}\p{Mark}]/u.test(one) || one.normalize('NFD') !== one.normalize('NFC')),
  );
}
