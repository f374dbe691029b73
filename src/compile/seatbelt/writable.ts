import type { PathPattern, PathRule } from '../../policy/path-rules.ts';
import { openingPatterns, writableBy } from '../writable-by.ts';
import type { SeatbeltFacts } from './facts.ts';
import { canonicalPath } from './spellings.ts';

/** writableBy, by the one spelling that rules have here. */
export function writableOnMac(
  rules: readonly PathRule[],
  patterns: readonly PathPattern[],
  { paths }: Pick<SeatbeltFacts, 'paths'>,
): (path: string) => boolean {
  const opening = openingPatterns(patterns, paths).map((pattern) => ({
    ...pattern,
    base: canonicalPath(pattern.base),
  }));
  const isWritable = writableBy(rules, opening);
  return (path) => isWritable(canonicalPath(path));
}
