import { type ChangeRules, DEPENDENCY_FOLDERS } from './change-rules.ts';
import { foldName } from './fold.ts';
import { matchesPath, type Segment } from './glob.ts';
import { isWithin } from './path-rules.ts';
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
  const names = namesOf(path);
  const above = rules.points.filter((point) => isWithin(path, point.path)).sort(byDepth);
  const point = above.at(-1);
  if (point && (point.access === 'masked' || point.access === 'read-only'))
    return refuse(point.access === 'masked' ? 'EACCES' : 'EROFS', point.source);
  const isolated = above.findLast(({ access }) => access === 'private')?.path ?? '/';
  const root = above.findLast(({ access }) => access === 'read-write')?.path ?? null;
  const inside = root !== null && isWithin(root, isolated) ? root : null;
  const patterns = rules.patterns.filter(
    ({ base }) => isWithin(path, base) && isWithin(base, isolated),
  );
  const fits = ({ base, rest }: (typeof patterns)[number], end: number) =>
    matches(rest, names.slice(namesOf(base).length, end), rules.caseInsensitive);
  const fitting = patterns.filter((pattern) => names.some((_, at) => fits(pattern, at + 1)));
  const denied = fitting.find(({ list }) => list === 'denyWrite');
  if (denied) return refuse('EACCES', denied.source);
  const zones = patterns.filter(({ list }) => list === 'allowWrite').sort(byBase);
  const roots = above.filter(({ access }) => access === 'read-write').map(({ path: at }) => at);
  const writable = [...roots, ...zones.map(({ base }) => base)].filter((at) =>
    isWithin(at, isolated),
  );
  const anchors = writable.map((at) => namesOf(at).length).concat(isolated === '/' ? 0 : []);
  const own = protection(rules, names, { isolated, root: inside, anchors }, changed);
  if (own && writable.length > 0) return refuse('EACCES', own);
  const allowed = inside !== null || fitting.some(({ list }) => list === 'allowWrite');
  const zone = zones.at(-1);
  if (zone && !allowed) return refuse('EROFS', zone.source);
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

export function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function byDepth(a: { path: string }, b: { path: string }): number {
  return a.path.length - b.path.length;
}

function byBase(a: { base: string }, b: { base: string }): number {
  return a.base.length - b.base.length;
}

function matches(rest: readonly Segment[], names: readonly string[], folded: boolean): boolean {
  return matchesPath(folded ? rest.map(foldSegment) : rest, folded ? names.map(foldName) : names);
}

/** A set keeps its case: it is made to have both where it is written. */
export function foldSegment(segment: Segment): Segment {
  if (segment.type === 'name') return { ...segment, name: foldName(segment.name) };
  if (segment.type === 'deep') return segment;
  const parts = segment.parts.map((part) =>
    part.type === 'text' ? { ...part, text: foldName(part.text) } : part,
  );
  return { ...segment, parts };
}

interface Place {
  isolated: string;
  /** The innermost write root, or null. */
  root: string | null;
  /** How many names lead to each place from which protected names are looked for. */
  anchors: readonly number[];
}

/** The name that protects the path or a folder above it. */
function protection(
  { protectedNames, homes }: ChangeRules,
  names: readonly string[],
  { isolated, root, anchors }: Place,
  changed: Changed,
): ProtectedName | null {
  const starts = homes.filter((home) => isWithin(home, isolated)).map(namesOf);
  const leadsTo = ({ segments, name }: ProtectedPattern, end: number) =>
    name.within === 'home'
      ? starts.some(
          (home) => begins(names, home) && matches(segments, names.slice(home.length, end), true),
        )
      : anchors.some(
          (anchor) =>
            (name.dependencies || !hasDependencies(names.slice(anchor, end))) &&
            names.some((_, at) => at >= anchor && matches(segments, names.slice(at, end), true)),
        );
  const patterns = protectedNames.flatMap(patternsOf);
  /* A root that the user names is not protected itself, and nothing above it counts within. */
  for (let end = root === null ? 1 : namesOf(root).length + 1; end <= names.length; end++) {
    const found = patterns.filter((pattern) => leadsTo(pattern, end));
    if (found.some(({ kind }) => kind === 'except')) continue;
    const isFile = end === names.length && changed !== 'folder';
    const denied = found.find(({ kind }) => kind === 'paths' || (kind === 'files' && isFile));
    if (denied) return denied.name;
  }
  return null;
}

function begins(names: readonly string[], start: readonly string[]): boolean {
  return start.every((name, at) => name === names[at]);
}

function hasDependencies(names: readonly string[]): boolean {
  return names.some((name) => DEPENDENCY_FOLDERS.includes(foldName(name)));
}
