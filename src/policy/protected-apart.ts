import type { Changed } from './change-decision.ts';
import { placeOf } from './change-place.ts';
import type { ChangeRules } from './change-rules.ts';
import { excepts, twice } from './exceptions.ts';
import type { Pattern } from './glob.ts';
import { walk } from './glob-walk.ts';
import { ANYWHERE, endsWithin } from './judged-apart.ts';
import { FOLDED } from './name-comparison.ts';
import { allowing, type PathName, pathNames } from './path-names.ts';
import { isWithin } from './path-rules.ts';
import type { ProtectedName } from './protected-name.ts';
import { patternsOf } from './protected-patterns.ts';

/** A pattern of a protected name as a rule of a profile has it. */
export interface ApartPattern {
  pattern: Pattern;
  /** One of these on a path is an exception there. */
  except: readonly Pattern[];
}

/** What a name denies with all that is beneath it, where a rule with an exception cannot say of which
 * place on a path it is one: it holds where the pattern is met once. */
export function deniedApart(name: ProtectedName): ApartPattern[] {
  const of = (kind: string) =>
    patternsOf(name).flatMap((one) => (one.kind === kind ? [one.segments] : []));
  const exceptions = of('except');
  const denied = of('paths').map((pattern): ApartPattern => {
    return { pattern, except: exceptions.filter((exception) => excepts(exception, pattern)) };
  });
  const again = denied.flatMap(({ pattern, except }) => (except.length > 0 ? twice(pattern) : []));
  return [...denied, ...again.map((pattern) => ({ pattern, except: [] }))];
}

/** The name that protects the path, or a folder above it, where ends are judged apart; or null. A
 * folder of allowWrite is lifted out of all that is said of it and of what is above it. */
export function protectedApart(
  rules: ChangeRules,
  path: string,
  changed: Changed,
  compared = FOLDED,
): ProtectedName | null {
  const { root, writable } = placeOf(rules, path);
  if (writable.length === 0) return null;
  const protects = (name: ProtectedName) => {
    const inTree = name.within === 'tree';
    const starts = inTree ? ['/'] : rules.homes.filter((home) => isWithin(path, home));
    const begun = (pattern: Pattern) => (inTree ? [ANYWHERE, ...pattern] : pattern);
    return starts.some((start) => {
      const names = pathNames(path, start, root);
      const isMet = ({ pattern, except }: ApartPattern) =>
        endsWithin(names, begun(pattern), compared).length > 0 &&
        !except.some((one) => isAllowed(names, begun(one), compared));
      const isFile = ({ kind, segments }: { kind: string; segments: Pattern }) =>
        kind === 'files' && endsWithin(names, begun(segments), compared).includes(names.length);
      if (deniedApart(name).some(isMet)) return true;
      return changed !== 'folder' && patternsOf(name).some(isFile);
    });
  };
  return rules.protectedNames.find(protects) ?? null;
}

function isAllowed(names: readonly PathName[], pattern: Pattern, compared = FOLDED): boolean {
  const { complete } = walk(pattern, names, allowing(compared));
  return complete.some((end) => names[end - 1]?.isKnown === false);
}
