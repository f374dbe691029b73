import { namesOf } from '../../policy/change-place.ts';
import { foldName, foldSegment } from '../../policy/fold.ts';
import { walk } from '../../policy/glob-walk.ts';
import { anchorsOf, carriedTail, type DenyPattern, passages } from '../../policy/judged-apart.ts';
import { isWithin, type PathPattern, type PathRule } from '../../policy/path-rules.ts';
import { givesWay, matchEnds } from '../../policy/reading-decision.ts';
import { describeSource } from '../../policy/source.ts';
import { unenforceable } from '../unenforceable.ts';
import { READING, WRITING } from './file-rules.ts';
import { narrowRegex, stemOf } from './path-regex.ts';
import { outermostOf } from './protected-scope.ts';
import { quote } from './quote.ts';
import type { NamedRules } from './resolve-patterns.ts';
import { comment, rule } from './rule-text.ts';
import {
  allOf,
  anyOf,
  below,
  none,
  type Pattern,
  type Scope,
  scopedFilters,
} from './scoped-filters.ts';

export interface PatternInput {
  /** By canonical path. */
  rules: readonly PathRule[];
  named: NamedRules;
  /** Where what is carried along counts. */
  tree: Scope;
  tag: string;
}

const ANYWHERE = { type: 'deep' } as const;

/** Rules of all patterns, for wildcards: what allowRead shows again, and then all that is denied. */
export function patternRules(input: PatternInput): string[] {
  const { rules, named, tag } = input;
  return [
    ...shownAgain(named).flatMap((pattern) => showing(pattern, rules, tag)),
    ...zones(named, tag),
    ...bySource(named.denying).flatMap((patterns) => {
      const [{ list, source }] = patterns;
      const operations = list === 'denyRead' ? `${READING} ${WRITING}` : WRITING;
      const filters = patterns.flatMap((pattern) => denied(pattern, input));
      return [comment(describeSource(source)), ...rule('deny', operations, filters, tag)];
    }),
  ];
}

/** realpath(3) asks about the folders that lead to what allowRead shows again. */
export function patternLookUps(input: PatternInput): string[] {
  const { named, tag } = input;
  const filters = shownAgain(named).flatMap((pattern) =>
    scopedFilters(scopeOf(pattern, []), {
      patterns: [fold(pattern)],
      as: (segments) => segments.slice(0, -1).map((_, at) => segments.slice(0, at + 1)),
      reach: 'alone',
      refuse: () => tooLong(pattern),
    }),
  );
  const hidden = named.denying.filter(({ list }) => list === 'denyRead');
  const conditions = [
    '(vnode-type DIRECTORY)',
    ...none(hidden.flatMap((pattern) => denied(pattern, input))),
  ];
  return rule('allow', 'file-read-metadata', allOf(filters, conditions), tag);
}

function shownAgain({ reading }: NamedRules): PathPattern[] {
  return reading.filter(({ list }) => list === 'allowRead');
}

/** What the pattern means below its base, and what is carried along wherever it can be moved to. */
function denied(pattern: DenyPattern, { rules, named, tree }: PatternInput): string[] {
  const hides = pattern.list === 'denyRead';
  const anchors = anchorsOf(named.changes);
  const refuse = () => tooLong(pattern);
  const scope = scopeOf(pattern, hides ? liftedIn(pattern, rules) : []);
  const tail = pattern.base === '/' ? null : carriedTail(anchors, pattern);
  const carried = tail
    ? scopedFilters(tree, { patterns: [[ANYWHERE, ...tail]], reach: 'beneath', refuse })
    : [];
  const elsewhere = [anyOf(outermostOf(anchors).flatMap(below)), ...none(below(pattern.base))];
  return [
    ...scopedFilters(scope, { patterns: [fold(pattern)], reach: 'beneath', refuse }),
    ...(hides ? allOf(carried, elsewhere) : carried),
  ];
}

/** The folders through which patterns lead, as filters: of those that deny, which cannot be moved,
 * and of those that allow, in whose place no link can be put. */
export function patternPassages({ named, tree }: Pick<PatternInput, 'named' | 'tree'>) {
  const { changes, denying } = named;
  const anchors = anchorsOf(changes);
  const find = (scope: Scope, pattern: PathPattern, segments: Pattern) =>
    scopedFilters(scope, {
      patterns: [segments],
      as: passages,
      reach: 'alone',
      refuse: () => tooLong(pattern),
    });
  const kept = denying.flatMap((pattern) => {
    const tail = carriedTail(anchors, pattern);
    return [
      ...find(scopeOf(pattern, []), pattern, fold(pattern)),
      ...(tail ? find(tree, pattern, [ANYWHERE, ...tail]) : []),
    ];
  });
  const allowed = changes.patterns
    .filter(({ list }) => list === 'allowWrite')
    .flatMap((pattern) => find(scopeOf(pattern, []), pattern, fold(pattern)));
  return { kept: [...new Set(kept)], unlinked: [...new Set(allowed)] };
}

/** Entries with braces are several patterns of one source. */
function bySource<P extends PathPattern>(patterns: readonly P[]): [P, ...P[]][] {
  const groups = new Map<P['source'], [P, ...P[]]>();
  for (const pattern of patterns) {
    const group = groups.get(pattern.source);
    if (group) group.push(pattern);
    else groups.set(pattern.source, [pattern]);
  }
  return [...groups.values()];
}

function fold({ rest }: PathPattern): Pattern {
  return rest.map(foldSegment);
}

function scopeOf({ base }: PathPattern, lifted: readonly string[]): Scope {
  const names = (folder: string) => namesOf(folder).slice(namesOf(base).length).map(foldName);
  return { base, lifted, left: (pattern, folder) => walk(pattern, names(folder)).left };
}

/** Paths of rules that lie deeper than all that the pattern means of them, and so decide beneath. */
function liftedIn(pattern: PathPattern, rules: readonly PathRule[]): string[] {
  const paths = rules.flatMap(({ list, path }) =>
    list !== 'denyWrite' && isWithin(path, pattern.base) ? [path] : [],
  );
  return [...new Set(paths)]
    .filter((path) => {
      const ends = matchEnds(pattern, path);
      return ends.length > 0 && !ends.includes(namesOf(path).length);
    })
    .sort();
}

/** Where a denyRead lies at what an allowRead pattern means, or deeper, it decides. */
function deniedIn(pattern: PathPattern, rules: readonly PathRule[]): string[] {
  const paths = rules.filter((one) => {
    if ((one.list !== 'denyRead' && one.list !== 'private') || !isWithin(one.path, pattern.base))
      return false;
    const depth = namesOf(one.path).length;
    return matchEnds(pattern, one.path).some((end) => end < depth || !givesWay(one));
  });
  return [...new Set(paths.map(({ path }) => path))].sort();
}

function showing(pattern: PathPattern, rules: readonly PathRule[], tag: string): string[] {
  const lifted = deniedIn(pattern, rules);
  const scope = scopeOf(pattern, lifted);
  const at = (folder: string, some: readonly Pattern[]) => {
    const inner = lifted.filter((one) => one !== folder && isWithin(one, folder));
    return allOf(
      some.map((one) => narrow(pattern, folder, one)),
      [anyOf(below(folder)), ...none(inner.flatMap(below))],
    );
  };
  const filters = [
    ...at(pattern.base, [pattern.rest]),
    ...lifted.flatMap((folder) => at(folder, scope.left(fold(pattern), folder))),
  ];
  return [comment(describeSource(pattern.source)), ...rule('allow', READING, filters, tag)];
}

/** Of the folders in which patterns of allowWrite begin, what fits none of them. */
function zones({ changes }: NamedRules, tag: string): string[] {
  const patterns = changes.patterns.filter(({ list }) => list === 'allowWrite');
  if (patterns.length === 0) return [];
  const bases = [...new Set(patterns.map(({ base }) => base))];
  const roots = changes.points.filter(
    ({ access, path }) => access === 'read-write' && bases.some((base) => isWithin(path, base)),
  );
  const fitting = patterns.flatMap((pattern) =>
    allOf([narrow(pattern, pattern.base, pattern.rest)], [anyOf(below(pattern.base))]),
  );
  const filters = allOf(bases.flatMap(below), [
    ...none([...roots.flatMap(({ path }) => below(path)), ...fitting]),
  ]);
  return [
    comment('Where patterns of filesystem.allowWrite begin: what fits none of them.'),
    ...patterns.map(({ source }) => comment(describeSource(source))),
    ...rule('deny', WRITING, filters, tag),
  ];
}

function narrow(pattern: PathPattern, folder: string, segments: Pattern): string {
  const text = narrowRegex(stemOf(folder), segments);
  if (text === null)
    throw unenforceable(
      pattern,
      'has a character in it that srt cannot allow by a pattern on macOS',
      'put ? in its place',
    );
  if (Buffer.byteLength(text) > 1000) throw tooLongError(pattern);
  return `(regex ${quote(text)})`;
}

function tooLong(pattern: PathPattern): never {
  throw tooLongError(pattern);
}

function tooLongError(pattern: PathPattern) {
  return unenforceable(
    pattern,
    'is too long for a rule of macOS',
    'name a folder that is less deep, or write fewer letters and more *',
  );
}
