import type { Pattern } from '../../policy/glob.ts';
import {
  isWithin,
  mostSpecific,
  type PathPattern,
  type PathRule,
} from '../../policy/path-rules.ts';
import { givesWay } from '../../policy/reading-decision.ts';
import { describeSource } from '../../policy/source.ts';
import { unenforceable } from '../unenforceable.ts';
import { READING, WRITING } from './file-rules.ts';
import { isReadOtherwise, walkKnown } from './known-folder.ts';
import { narrowRegex } from './path-regex.ts';
import { namesIn, tooLong } from './pattern-scope.ts';
import { placesOf } from './places.ts';
import { quote } from './quote.ts';
import type { NamedRules } from './resolve-patterns.ts';
import { comment, rule } from './rule-text.ts';
import { allOf, anyOf, below, none, subpaths } from './scoped-filters.ts';

/* Terminals of the user's other windows are among them, which nobody means by a wildcard. */
const DEVICES = '/dev';

/** The hidden folders among what an allowRead pattern is about. */
export interface HiddenIn {
  /** Where it only shows what it means further down. */
  lifted: readonly string[];
  /** Where it shows all there is, which no expression over a whole path says. */
  whole: readonly string[];
}

export function hiddenIn(pattern: PathPattern, rules: readonly PathRule[]): HiddenIn {
  const hidden = rules.filter(
    ({ list, path }) =>
      (list === 'denyRead' || list === 'private') &&
      isWithin(path, pattern.base) &&
      !isWithin(path, DEVICES),
  );
  const lifted: string[] = [];
  const whole: string[] = [];
  for (const path of [...new Set(hidden.map((one) => one.path))].sort()) {
    const names = namesIn(pattern.base, path);
    const { complete } = walkKnown(pattern.rest, names);
    const here = hidden.filter((one) => one.path === path);
    const isWhole = complete.includes(names.length) && givesWay(mostSpecific(here, path));
    const isOther = isReadOtherwise(pattern.rest, names, 'allows');
    if (isWhole && isOther) whole.push(path);
    if (!isWhole && (complete.length > 0 || isOther)) lifted.push(path);
  }
  return { lifted, whole };
}

/** What allowRead shows again, for reading alone. */
export function showing(pattern: PathPattern, rules: readonly PathRule[], tag: string): string[] {
  if (isWithin(pattern.base, DEVICES))
    throw unenforceable(pattern, 'would show devices of this machine', 'name them one by one');
  const { lifted, whole } = hiddenIn(pattern, rules);
  const without = (folder: string) => {
    const devices = isWithin(DEVICES, folder) ? [DEVICES] : [];
    const inner = [...lifted, ...devices].filter((one) => one !== folder && isWithin(one, folder));
    return none(inner.flatMap(below));
  };
  const at = (folder: string, some: readonly Pattern[]) =>
    fittingBelow(pattern, folder, some, without(folder));
  const left = (folder: string) => walkKnown(pattern.rest, namesIn(pattern.base, folder)).left;
  const filters = [
    ...at(pattern.base, [pattern.rest]),
    ...lifted.flatMap((folder) => at(folder, left(folder))),
    ...whole.flatMap((folder) => allOf(below(folder), without(folder))),
  ];
  return [comment(describeSource(pattern.source)), ...rule('allow', READING, filters, tag)];
}

/** Of the folders in which patterns of allowWrite begin, what fits none of them. */
export function zones({ changes }: NamedRules, tag: string): string[] {
  const patterns = changes.patterns.filter(({ list }) => list === 'allowWrite');
  if (patterns.length === 0) return [];
  const bases = [...new Set(patterns.map(({ base }) => base))];
  const roots = changes.points.filter(
    ({ access, path }) => access === 'read-write' && bases.some((base) => isWithin(path, base)),
  );
  const fitting = patterns.flatMap((pattern) =>
    fittingBelow(pattern, pattern.base, [pattern.rest], []),
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

function fittingBelow(
  pattern: PathPattern,
  folder: string,
  some: readonly Pattern[],
  conditions: readonly string[],
): string[] {
  return placesOf(folder, some).flatMap(({ within, without, stem, read }) =>
    allOf(
      some.flatMap(read).map((one) => narrow(pattern, stem, one)),
      [
        ...(within.length === 0 ? [] : [anyOf(subpaths(within))]),
        ...none(subpaths(without)),
        ...conditions,
      ],
    ),
  );
}

function narrow(pattern: PathPattern, stem: string, segments: Pattern): string {
  const text = narrowRegex(stem, segments);
  if (text === null)
    throw unenforceable(
      pattern,
      'has a character in it that srt cannot allow by a pattern on macOS',
      'put ? in its place',
    );
  if (Buffer.byteLength(text) > 1000) throw tooLong(pattern);
  return `(regex ${quote(text)})`;
}
