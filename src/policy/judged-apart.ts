import { namesOf, placeOf, startsOf } from './change-place.ts';
import { type ChangeRules, isOpen } from './change-rules.ts';
import { foldSegment } from './fold.ts';
import { matchesPath, type Segment } from './glob.ts';
import { isWithin, type PathPattern } from './path-rules.ts';
import type { ProtectedName } from './protected-name.ts';
import { patternsOf } from './protected-patterns.ts';

/* What is added to the rules where nobody can compare the two places of a folder that is renamed,
 * because each is judged by itself, and a rename as a removal and a creation (Seatbelt). There a
 * folder may only be moved between places that all have the same rules beneath, and what would make
 * a difference either counts everywhere or cannot be moved, made or removed as a folder at all. */

/** A pattern that denies, of reading or of writing. */
export type DenyPattern = PathPattern & { list: 'denyRead' | 'denyWrite' };

export function isDenyPattern(pattern: PathPattern): pattern is DenyPattern {
  return pattern.list === 'denyRead' || pattern.list === 'denyWrite';
}

/** Where something can be written, and where names count from. */
export function anchorsOf({ points, patterns }: ChangeRules): string[] {
  const bases = patterns.filter(({ list }) => list === 'allowWrite').map(({ base }) => base);
  return [...new Set([...points.filter(isOpen).map(({ path }) => path), ...bases])];
}

/** A folder that is moved into one of dependencies, and out again, must not lose its rules between. */
export function namesEverywhere(names: readonly ProtectedName[]): ProtectedName[] {
  return names.map((name) => ({ ...name, dependencies: true }));
}

/** What a pattern means at any depth, and so in every folder that can be written: "*.key" of
 * "src/**" + "/*.key", as the folder that it lies in can be moved out of src. Null for a pattern that
 * begins otherwise, or that is about nothing that could be moved. */
export function carriedTail(
  anchors: readonly string[],
  { base, rest }: Pick<DenyPattern, 'base' | 'rest'>,
): readonly Segment[] | null {
  if (rest[0]?.type !== 'deep') return null;
  const canMove = anchors.some((anchor) => isWithin(base, anchor) || isWithin(anchor, base));
  return canMove ? rest.slice(1).map(foldSegment) : null;
}

/** The pattern that would be about the path, or a folder above it, if it lay below its base; or null. */
export function carriedTo(
  rules: ChangeRules,
  patterns: readonly DenyPattern[],
  path: string,
): DenyPattern | null {
  const { folded, root, writable } = placeOf(rules, path);
  if (writable.length === 0) return null;
  const anchors = anchorsOf(rules);
  const ends = folded.map((_, at) => at + 1).filter((end) => end > namesOf(root ?? '/').length);
  const meets = (tail: readonly Segment[]) =>
    ends.some((end) => folded.some((_, start) => matchesPath(tail, folded.slice(start, end))));
  const isMet = (pattern: DenyPattern) => {
    const tail = isWithin(path, pattern.base) ? null : carriedTail(anchors, pattern);
    return tail !== null && meets(tail);
  };
  return patterns.find(isMet) ?? null;
}

/** The rule for what is beneath that leads through this folder, so that another holds there than in a
 * folder next to it; or null. */
export function passageTo(
  rules: ChangeRules,
  patterns: readonly DenyPattern[],
  path: string,
): DenyPattern | ProtectedName | null {
  const place = placeOf(rules, path);
  const { names, folded } = place;
  const leads = (segments: readonly Segment[], start: number) =>
    passages(segments).some((passage) => matchesPath(passage, folded.slice(start)));
  const anchors = anchorsOf(rules);
  const onPattern = patterns.find((pattern) => {
    const { base, rest } = pattern;
    if (isWithin(path, base) && leads(rest.map(foldSegment), namesOf(base).length)) return true;
    const tail = carriedTail(anchors, pattern);
    return tail !== null && names.some((_, start) => leads(tail, start));
  });
  if (onPattern || place.writable.length === 0) return onPattern ?? null;
  const isOnName = (name: ProtectedName) =>
    patternsOf(name).some((pattern) =>
      startsOf(rules, place, pattern, names.length + 1).some((start) =>
        leads(pattern.segments, start),
      ),
    );
  return rules.protectedNames.find(isOnName) ?? null;
}

/** What leads to what the segments mean: all their beginnings, but for a `**` alone, beneath which
 * all folders are alike. */
export function passages(segments: readonly Segment[]): (readonly Segment[])[] {
  const beginnings = segments.slice(0, -1).map((_, at) => segments.slice(0, at + 1));
  return beginnings.filter((some) => some.some(({ type }) => type !== 'deep'));
}
