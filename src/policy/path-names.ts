import type { Segment } from './glob.ts';
import { FOLDED, type NameComparison } from './name-comparison.ts';
import { isWithin } from './path-rules.ts';

/** A name of a path. */
export interface PathName {
  text: string;
  /** Whether it is one of a folder that the settings name: that was compared when the rules were
   * made, and as it is. */
  isKnown: boolean;
}

/** The names of a path below `base`, of which those that lead to `known` are known. */
export function pathNames(path: string, base: string, known: string | null): PathName[] {
  if (!isWithin(path, base)) return [];
  const names = (of: string) => of.split('/').filter((name) => name !== '');
  const skipped = names(base).length;
  const kept = known === null || !isWithin(path, known) ? 0 : names(known).length;
  return names(path)
    .map((text, at) => ({ text, isKnown: at < kept }))
    .slice(skipped);
}

type FitsName = (segment: Segment, name: PathName) => boolean;

export function denying({ denies }: NameComparison): FitsName {
  return (segment, { text, isKnown }) => (isKnown ? FOLDED.denies : denies)(segment, text);
}

export function allowing({ allows }: NameComparison): FitsName {
  return (segment, { text, isKnown }) => (isKnown ? FOLDED.allows : allows)(segment, text);
}
