import { placeOf } from './change-place.ts';
import { type ChangeRules, isOpen } from './change-rules.ts';
import { matchesPath, type Pattern } from './glob.ts';
import { walk } from './glob-walk.ts';
import { FOLDED } from './name-comparison.ts';
import { denying, type PathName, pathNames } from './path-names.ts';
import { isWithin, type PathPattern } from './path-rules.ts';
import type { ProtectedName } from './protected-name.ts';
import { patternsOf } from './protected-patterns.ts';

/* What is added to the rules where nobody can compare the two places of a folder that is renamed,
 * because each is judged by itself, and a rename as a removal and a creation (Seatbelt). There a
 * folder may only be moved between places that all have the same rules beneath, and what would make
 * a difference either counts everywhere or cannot be moved, made or removed as a folder at all. */

/** A pattern that denies, of reading or of writing. */
export type DenyPattern = PathPattern & { list: 'denyRead' | 'denyWrite' };

export const ANYWHERE = { type: 'deep' } as const;

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
): Pattern | null {
  if (rest[0]?.type !== 'deep') return null;
  const canMove = anchors.some((anchor) => isWithin(base, anchor) || isWithin(anchor, base));
  return canMove ? rest.slice(1) : null;
}

/** The pattern that is about the path, or a folder above it; or null. */
export function deniedBy<P extends PathPattern>(
  patterns: readonly P[],
  path: string,
  compared = FOLDED,
): P | null {
  const isMet = ({ base, rest }: P) =>
    endsWithin(pathNames(path, base, null), rest, compared).length > 0;
  return patterns.find(isMet) ?? null;
}

/** The pattern that would be about the path, or a folder above it, if it lay below its base; or null. */
export function carriedTo(
  rules: ChangeRules,
  patterns: readonly DenyPattern[],
  path: string,
  compared = FOLDED,
): DenyPattern | null {
  const { root, writable } = placeOf(rules, path);
  if (writable.length === 0) return null;
  const anchors = anchorsOf(rules);
  const names = pathNames(path, '/', root);
  const isMet = (pattern: DenyPattern) => {
    const tail = isWithin(path, pattern.base) ? null : carriedTail(anchors, pattern);
    return tail !== null && endsWithin(names, [ANYWHERE, ...tail], compared).length > 0;
  };
  return patterns.find(isMet) ?? null;
}

/** After how many of the names the pattern is met, below what is known of them. */
export function endsWithin(
  names: readonly PathName[],
  pattern: Pattern,
  compared = FOLDED,
): number[] {
  const { complete } = walk(pattern, names, denying(compared));
  return complete.filter((end) => names[end - 1]?.isKnown === false);
}

/** The rule for what is beneath that leads through this folder, so that another holds there than in a
 * folder next to it; or null. */
export function passageTo(
  rules: ChangeRules,
  patterns: readonly DenyPattern[],
  path: string,
  compared = FOLDED,
): DenyPattern | ProtectedName | null {
  const { root, writable } = placeOf(rules, path);
  const names = pathNames(path, '/', root);
  const leads = (segments: Pattern, to: readonly PathName[]) =>
    leadsThrough(passages(segments), to, compared);
  const anchors = anchorsOf(rules);
  const onPattern = patterns.find((pattern) => {
    const { base, rest } = pattern;
    if (isWithin(path, base) && leads(rest, pathNames(path, base, null))) return true;
    const tail = carriedTail(anchors, pattern);
    return tail !== null && leads([ANYWHERE, ...tail], names);
  });
  if (onPattern || writable.length === 0) return onPattern ?? null;
  const starts = (name: ProtectedName) =>
    rules.homes.filter((home) => name.within === 'home' && isWithin(path, home));
  const isOnName = (name: ProtectedName) =>
    patternsOf(name).some(({ segments }) =>
      name.within === 'tree'
        ? leads([ANYWHERE, ...segments], names)
        : starts(name).some((home) => leads(segments, pathNames(path, home, root))),
    );
  return rules.protectedNames.find(isOnName) ?? null;
}

function leadsThrough(
  some: readonly Pattern[],
  names: readonly PathName[],
  compared = FOLDED,
): boolean {
  return some.some((passage) => matchesPath(passage, names, denying(compared)));
}

/** What leads to what the segments mean: all their beginnings, but for a `**` alone, beneath which
 * all folders are alike. */
export function passages(segments: Pattern): Pattern[] {
  const beginnings = segments.slice(0, -1).map((_, at) => segments.slice(0, at + 1));
  return beginnings.filter((some) => some.some(({ type }) => type !== 'deep'));
}

/** The pattern of allowWrite that leads through what can be no link, so that none leads it elsewhere. */
export function openedThrough(
  { patterns }: ChangeRules,
  path: string,
  compared = FOLDED,
): PathPattern | null {
  const isLed = ({ list, base, rest }: PathPattern) =>
    list === 'allowWrite' &&
    isWithin(path, base) &&
    leadsThrough(linkPassages(rest), pathNames(path, base, null), compared);
  return patterns.find(isLed) ?? null;
}

export function linkPassages(segments: Pattern): Pattern[] {
  return passages(segments).filter((passage) => passage.at(-1)?.type !== 'deep');
}
