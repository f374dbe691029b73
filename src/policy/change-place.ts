import {
  type ChangePattern,
  type ChangePoint,
  type ChangeRules,
  DEPENDENCY_FOLDERS,
} from './change-rules.ts';
import { foldedName, foldName, foldSegment } from './fold.ts';
import { matchesName, type Segment } from './glob.ts';
import { isWithin } from './path-rules.ts';
import type { ProtectedPattern } from './protected-patterns.ts';

/** A path among the rules: which of them are about it, or about what is beneath. */
export interface Place {
  names: readonly string[];
  /** The same, folded. */
  folded: readonly string[];
  /** At the path or above it, the deepest last. */
  points: readonly ChangePoint[];
  /** The innermost folder of the sandbox's own, outside of which no rule counts; or `/`. */
  isolated: string;
  /** The innermost write root, or null. */
  root: string | null;
  /** Write roots, and what may be one: where patterns of allowWrite begin, and what is shown again. */
  writable: readonly string[];
  /** Patterns that begin at the path or above it. */
  patterns: readonly ChangePattern[];
}

export function placeOf(rules: ChangeRules, path: string): Place {
  const points = rules.points
    .filter((point) => isWithin(path, point.path))
    .sort((a, b) => a.path.length - b.path.length);
  const isolated = points.findLast(({ access }) => access === 'private')?.path ?? '/';
  const patterns = rules.patterns.filter(
    ({ base }) => isWithin(path, base) && isWithin(base, isolated),
  );
  const inside = (wanted: ChangePoint['access']) =>
    points
      .filter(({ access, path: at }) => access === wanted && isWithin(at, isolated))
      .map(({ path: at }) => at);
  const roots = inside('read-write');
  const bases = patterns.filter(({ list }) => list === 'allowWrite').map(({ base }) => base);
  const names = namesOf(path);
  return {
    names,
    folded: names.map(foldName),
    points,
    isolated,
    root: roots.at(-1) ?? null,
    writable: [...roots, ...inside('as-around'), ...bases],
    patterns,
  };
}

export function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** What the pattern says of names: of folded ones where case makes no difference. */
export function segmentsOf({ rest, folded }: ChangePattern): readonly Segment[] {
  return folded ? rest.map(foldSegment) : rest;
}

/** How many names of the path lead to each place where the pattern may begin, for what the first
 * `end` of them name. */
export function startsOf(
  { homes }: ChangeRules,
  { names, folded, isolated, writable }: Place,
  { name }: ProtectedPattern,
  end: number,
): number[] {
  if (name.within === 'home')
    return homes
      .filter((home) => isWithin(home, isolated) && begins(names, namesOf(home)))
      .map((home) => namesOf(home).length);
  const anchors = writable.map((path) => namesOf(path).length).concat(isolated === '/' ? 0 : []);
  const meant = anchors.filter(
    (anchor) => name.dependencies || !hasDependencies(folded.slice(anchor, end - 1)),
  );
  const first = Math.min(...meant);
  return names.flatMap((_, at) => (at >= first ? [at] : []));
}

function begins(names: readonly string[], start: readonly string[]): boolean {
  return start.every((name, at) => name === names[at]);
}

/* When it is asked for: most starts never do. */
let dependencies: readonly Segment[] | null = null;

function hasDependencies(folded: readonly string[]): boolean {
  dependencies ??= DEPENDENCY_FOLDERS.map(foldedName);
  const segments = dependencies;
  return folded.some((name) => segments.some((segment) => matchesName(segment, name)));
}
