import { namesOf, type Place, placeOf, segmentsOf, startsOf } from './change-place.ts';
import type { ChangePattern, ChangeRules } from './change-rules.ts';
import { coversPath, matchesName, matchesPath } from './glob.ts';
import { isOnTheWay } from './on-the-way.ts';
import type { ProtectedName } from './protected-name.ts';
import { type ProtectedPattern, patternsOf } from './protected-patterns.ts';
import type { Source } from './source.ts';

/** What is made, replaced, removed or written. A link is more than a file: it can stand in the place
 * of a folder. */
export type Changed = 'file' | 'folder' | 'link';

export type ChangeDecision =
  | { allowed: true }
  /** `rule` is null for a link in the place of a folder that rules lead through. */
  | { allowed: false; errno: 'EACCES' | 'EROFS'; rule: Source | ProtectedName | null };

/** Whether what is at `path`, or would be, may be changed as far as names say so: mounts decide
 * what is not in a write root. srt-init answers by a tree that src/compile/names/ makes of the same
 * rules; this says what that tree means, rule by rule and without haste. `path` is absolute, without
 * links, `.` and `..`. */
export function decideChange(rules: ChangeRules, path: string, changed: Changed): ChangeDecision {
  const place = placeOf(rules, path);
  const point = place.points.at(-1);
  if (point?.access === 'masked') return refuse('EACCES', point.source);
  if (point?.access === 'read-only') return refuse('EROFS', point.source);
  const fitting = place.patterns.filter((pattern) => fits(pattern, place));
  const denied = fitting.find(({ list }) => list === 'denyWrite');
  if (denied) return refuse('EACCES', denied.source);
  const own = protection(rules, place, changed);
  if (own && place.writable.length > 0) return refuse('EACCES', own);
  const zones = place.patterns.filter(({ list }) => list === 'allowWrite').sort(byBase);
  const allowed = place.root !== null || fitting.some(({ list }) => list === 'allowWrite');
  const zone = zones.at(-1);
  if (zone && !allowed) return refuse('EROFS', zone.source);
  if (changed === 'link' && isOnTheWay(rules, place, path)) return refuse('EACCES', null);
  return { allowed: true };
}

/** The name by which a change at `path` that nothing refuses is told of, or null: the one that would
 * refuse it if it were protected. */
export function nameToTell(
  rules: ChangeRules,
  path: string,
  changed: Changed,
): ProtectedName | null {
  if (!decideChange(rules, path, changed).allowed) return null;
  const decision = decideChange({ ...rules, protectedNames: rules.handedOver }, path, changed);
  return decision.allowed ? null : (decision.rule as ProtectedName);
}

function refuse(errno: 'EACCES' | 'EROFS', rule: Source | ProtectedName | null): ChangeDecision {
  return { allowed: false, errno, rule };
}

function byBase(a: { base: string }, b: { base: string }): number {
  return a.base.length - b.base.length;
}

function fits(pattern: ChangePattern, place: Place): boolean {
  const segments = segmentsOf(pattern);
  const start = namesOf(pattern.base).length;
  const names = pattern.folded ? place.folded : place.names;
  return coversPath(segments, names.slice(start));
}

/** The name that protects the path or a folder above it. */
function protection(rules: ChangeRules, place: Place, changed: Changed): ProtectedName | null {
  const { folded, root } = place;
  const leadsTo = (pattern: ProtectedPattern, end: number) =>
    startsOf(rules, place, pattern, end).some((start) =>
      matchesPath(pattern.segments, folded.slice(start, end), matchesName),
    );
  const patterns = rules.protectedNames.flatMap(patternsOf);
  /* A root that the user names is not protected itself, and nothing above it counts within. */
  for (let end = root === null ? 1 : namesOf(root).length + 1; end <= folded.length; end++) {
    const found = patterns.filter((pattern) => leadsTo(pattern, end));
    if (found.some(({ kind }) => kind === 'except')) continue;
    const isFile = end === folded.length && changed !== 'folder';
    const denied = found.find(({ kind }) => kind === 'paths' || (kind === 'files' && isFile));
    if (denied) return denied.name;
  }
  return null;
}
