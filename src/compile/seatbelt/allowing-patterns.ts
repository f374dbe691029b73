import { namesOf } from '../../policy/change-place.ts';
import {
  isWithin,
  mostSpecific,
  type PathPattern,
  type PathRule,
} from '../../policy/path-rules.ts';
import { givesWay, matchEnds } from '../../policy/reading-decision.ts';
import { describeSource } from '../../policy/source.ts';
import { unenforceable } from '../unenforceable.ts';
import { READING, WRITING } from './file-rules.ts';
import { narrowRegex, stemOf } from './path-regex.ts';
import { folded, scopeOf, tooLong } from './pattern-scope.ts';
import { quote } from './quote.ts';
import type { NamedRules } from './resolve-patterns.ts';
import { comment, rule } from './rule-text.ts';
import { allOf, anyOf, below, none, type Pattern } from './scoped-filters.ts';

/* Terminals of the user's other windows are among them, which nobody means by a wildcard. */
const DEVICES = '/dev';

/** The hidden folders in what an allowRead pattern means, where it only shows what it means further
 * down. */
function deniedIn(pattern: PathPattern, rules: readonly PathRule[]): string[] {
  const hidden = rules.filter(
    ({ list, path }) => (list === 'denyRead' || list === 'private') && isWithin(path, pattern.base),
  );
  return [...new Set(hidden.map(({ path }) => path))]
    .filter((path) => {
      const ends = matchEnds(pattern, path);
      if (ends.length === 0) return false;
      const here = hidden.filter((rule) => rule.path === path);
      return !(ends.includes(namesOf(path).length) && givesWay(mostSpecific(here, path)));
    })
    .sort();
}

/** What allowRead shows again, for reading alone. */
export function showing(pattern: PathPattern, rules: readonly PathRule[], tag: string): string[] {
  if (isWithin(pattern.base, DEVICES))
    throw unenforceable(pattern, 'would show devices of this machine', 'name them one by one');
  const lifted = deniedIn(pattern, rules).filter((path) => !isWithin(path, DEVICES));
  const scope = scopeOf(pattern, lifted);
  const at = (folder: string, some: readonly Pattern[]) => {
    const devices = isWithin(DEVICES, folder) ? [DEVICES] : [];
    const inner = [...lifted, ...devices].filter((one) => one !== folder && isWithin(one, folder));
    return allOf(
      some.map((one) => narrow(pattern, folder, one)),
      [anyOf(below(folder)), ...none(inner.flatMap(below))],
    );
  };
  const filters = [
    ...at(pattern.base, [pattern.rest]),
    ...lifted.flatMap((folder) => at(folder, scope.left(folded(pattern), folder))),
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
  if (Buffer.byteLength(text) > 1000) throw tooLong(pattern);
  return `(regex ${quote(text)})`;
}
