import { namesOf, type Place, segmentsOf, startsOf } from './change-place.ts';
import { type ChangeRules, isOpen } from './change-rules.ts';
import { matchesName, matchesPath, type Segment } from './glob.ts';
import { isWithin } from './path-rules.ts';
import { patternsOf } from './protected-patterns.ts';

/** Whether rules for what is beneath lead through this very path, and not through any there is: a
 * link in its place would lead them elsewhere. */
export function isOnTheWay(rules: ChangeRules, place: Place, path: string): boolean {
  const { points, patterns, protectedNames, homes } = rules;
  const roots = points.filter(isOpen).map((point) => point.path);
  const bases = patterns.filter(({ list }) => list === 'allowWrite').map(({ base }) => base);
  const beneath = [
    ...points.map((point) => point.path).filter((at) => at !== path),
    ...patterns.map(({ base }) => base),
    ...roots,
  ];
  if (beneath.some((at) => isWithin(at, path))) return true;
  const onPattern = place.patterns.some((pattern) => {
    const names = pattern.folded ? place.folded : place.names;
    return goesThrough(segmentsOf(pattern), names.slice(namesOf(pattern.base).length));
  });
  if (onPattern) return true;
  if (roots.length + bases.length === 0) return false;
  const named = protectedNames.flatMap(patternsOf);
  const fromHome = named.some(({ name }) => name.within === 'home');
  if (path === '/' || (fromHome && homes.some((home) => isWithin(home, path)))) return true;
  /* Elsewhere nothing is protected by name. */
  if (place.writable.length === 0) return false;
  return named.some((pattern) =>
    /* As for what is right beneath. */
    startsOf(rules, place, pattern, place.names.length + 1).some((start) =>
      goesThrough(pattern.segments, place.folded.slice(start)),
    ),
  );
}

/** Whether the names are what the pattern has above its last segment, by a segment that says what
 * they are called. */
function goesThrough(segments: readonly Segment[], names: readonly string[]): boolean {
  return segments
    .slice(0, -1)
    .some(
      ({ type }, at) =>
        type !== 'deep' && matchesPath(segments.slice(0, at + 1), names, matchesName),
    );
}
