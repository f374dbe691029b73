import type { Pattern } from '../../policy/glob.ts';
import {
  ANYWHERE,
  carriedTail,
  type DenyPattern,
  linkPassages,
  passages,
} from '../../policy/judged-apart.ts';
import { isWithin, type PathPattern, type PathRule } from '../../policy/path-rules.ts';
import { describeSource } from '../../policy/source.ts';
import { foldersAbove } from '../indexed-access.ts';
import { hiddenIn, showing, zones } from './allowing-patterns.ts';
import { READING, WRITING } from './file-rules.ts';
import { isReadOtherwise, walkKnown } from './known-folder.ts';
import { namesIn, refuseLength, scopeOf } from './pattern-scope.ts';
import type { NamedRules } from './resolve-patterns.ts';
import { comment, literal, rule } from './rule-text.ts';
import { allOf, below, none, type Scope, scopedFilters } from './scoped-filters.ts';

export interface PatternInput {
  /** By canonical path. */
  rules: readonly PathRule[];
  named: NamedRules;
  /** Where what is carried along counts: from which names, and in which folders. */
  tree: Scope;
  anchors: readonly string[];
  writable: string;
  tag: string;
}

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
  const { rules, named, tag } = input;
  const filters = shownAgain(named).flatMap((pattern) => {
    const { lifted, whole } = hiddenIn(pattern, rules);
    const scope = scopeOf(pattern, lifted);
    const leading = lifted.filter((folder) => scope.left(pattern.rest, folder).length > 0);
    const known = [...leading, ...[...leading, ...whole].flatMap(foldersAbove)].filter(
      (folder) => folder !== pattern.base && isWithin(folder, pattern.base),
    );
    return [
      ...[...new Set(known)].sort().flatMap(literal),
      ...scopedFilters(scope, {
        patterns: [pattern.rest],
        as: (segments) => segments.slice(0, -1).map((_, at) => segments.slice(0, at + 1)),
        reach: 'alone',
        narrow: true,
        refuse: () => refuseLength(pattern),
      }),
    ];
  });
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
function denied(pattern: DenyPattern, given: PatternInput): string[] {
  const { rules, tree, anchors, writable } = given;
  const hides = pattern.list === 'denyRead';
  const refuse = () => refuseLength(pattern);
  const scope = scopeOf(pattern, hides ? liftedIn(pattern, rules) : []);
  const tail = pattern.base === '/' ? null : carriedTail(anchors, pattern);
  const carried = tail
    ? scopedFilters(tree, { patterns: [[ANYWHERE, ...tail]], reach: 'beneath', refuse })
    : [];
  /* Below its base the pattern says by itself what it means: carried along, it could begin above. What
   * cannot be written is as it is for writing. */
  const elsewhere = [...(hides ? [writable] : []), ...none(below(pattern.base))];
  return [
    ...scopedFilters(scope, { patterns: [pattern.rest], reach: 'beneath', refuse }),
    ...allOf(carried, elsewhere),
  ];
}

/** The folders through which patterns lead, as filters: of those that deny, which cannot be moved,
 * and of those that allow, in whose place no link can be put. */
export function patternPassages({ named, tree, anchors }: PatternInput) {
  const { changes, denying } = named;
  const find = (scope: Scope, pattern: PathPattern, segments: Pattern, as = passages) =>
    scopedFilters(scope, {
      patterns: [segments],
      as,
      reach: 'alone',
      refuse: () => refuseLength(pattern),
    });
  const kept = denying.flatMap((pattern) => {
    const tail = carriedTail(anchors, pattern);
    return [
      ...find(scopeOf(pattern, []), pattern, pattern.rest),
      ...(tail ? find(tree, pattern, [ANYWHERE, ...tail]) : []),
    ];
  });
  const allowed = changes.patterns
    .filter(({ list }) => list === 'allowWrite')
    .flatMap((pattern) => find(scopeOf(pattern, []), pattern, pattern.rest, linkPassages));
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

/** Paths of rules that lie deeper than all that the pattern means of them, and so decide beneath. */
function liftedIn({ base, rest }: PathPattern, rules: readonly PathRule[]): string[] {
  const paths = rules.flatMap(({ list, path }) =>
    list !== 'denyWrite' && isWithin(path, base) ? [path] : [],
  );
  return [...new Set(paths)]
    .filter((path) => {
      const names = namesIn(base, path);
      const { complete } = walkKnown(rest, names);
      if (complete.includes(names.length)) return false;
      return complete.length > 0 || isReadOtherwise(rest, names, 'denies');
    })
    .sort();
}
