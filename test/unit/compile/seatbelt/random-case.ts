/* Rules, patterns and names at random, with hostile names among them, and paths that nearly are what
 * they are about. */
import { parseGlob, type Segment } from '../../../../src/policy/glob.ts';
import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import type { ProtectedName } from '../../../../src/policy/protected-name.ts';
import { NAMES, randomRules } from '../../../support/random-rules.ts';
import { pick, type Random } from '../../../support/seeded.ts';
import { builtIn, rule } from '../../rules.ts';

const PATHS = 60;
export const TMP = '/private/tmp/own';

const HOSTILE = [
  ...['"', '\\', '\\"', '\n', '\r', '(', ')', ';', '#"', '^', '$', '|', '+', '[', ']', '{2}'],
  ...['\u0001', '"))(allow default)', 'a"b', '..x', '%s', 'e\u0301', '\u202e', 'x'.repeat(200)],
  ...['con\ufb01g', 'ho\u00f6ks', '\u00e9\u00e9', 'a\u00e9', '\u00e9b', 'Z_', '-', '.', '\ufb06'],
];

/* What expressions can say only more or less of. */
const ODD = [
  ...['??', 'k*', '*s', '?s', '[-a]', '[!-a]', '[A-^]*', '[\u0001a]', '[!\u00e9]?', '*\u00e9*'],
  ...['**/?', '**/k*/a', 't*/*', '[st]?*', '*/t*/*', '**/*st', '?/**/ks', '\\[*', '*]'],
];

/* Lone halves of characters stand for bytes that are no UTF-8, which no path of macOS has. */
const isText = (name: string) => Buffer.from(name).toString() === name;
const ALL_NAMES = [...NAMES, ...NAMES, ...HOSTILE].filter(isText);

const FILLING = [
  'a',
  'b',
  'C',
  '',
  '',
  'a',
  '\u00e9',
  '\u00e9\u00e9',
  '\u017f',
  '\ufb06',
  '-',
  '[',
];

/* What lies below these links of every macOS has two names, and the kernel should say the longer. */
const LINKED = /^\/(tmp|var|etc)(?=\/|$)/;

export interface Case {
  rules: PathRule[];
  patterns: PathPattern[];
  protectedNames: readonly ProtectedName[];
  homes: readonly string[];
  paths: string[];
}

export function randomCase(random: Random): Case {
  const given = randomRules(random);
  const lists = ['allowRead', 'denyRead', 'allowWrite', 'allowWrite', 'denyWrite'] as const;
  const name = () => pick(random, random(6) === 0 ? ALL_NAMES : ALL_NAMES.slice(0, 8));
  const path = (depth: number) => `/${Array.from({ length: random(depth + 1) }, name).join('/')}`;
  const rules = [
    ...given.points.map((point) => rule(pick(random, lists), point.path)),
    ...Array.from({ length: random(4) }, () => rule(pick(random, lists), path(3))),
    ...(random(3) === 0 ? [builtIn('denyRead', path(2))] : []),
    ...(random(2) === 0 ? [rule('allowWrite', '/w')] : []),
    ...(random(4) === 0 ? [rule('allowWrite', '/')] : []),
    builtIn('private', '/private/tmp'),
  ];
  const odd = Array.from({ length: random(2) }, () => {
    const parsed = parseGlob(pick(random, ODD));
    return { base: path(2), rest: 'problem' in parsed ? [] : (parsed[0] ?? []) };
  });
  const near = Array.from({ length: random(3) }, () => aboutRule(random, pick(random, rules).path));
  const patterns = [...given.patterns, ...odd, ...near].map(({ base, rest }): PathPattern => {
    const list = pick(random, lists);
    return { list, base, rest, source: { ...rule(list, '*').source } };
  });
  const protectedNames = given.protectedNames.map((one) => withException(random, one));
  const starts = ['/', TMP, '/w', ...rules.map((one) => one.path), ...given.homes];
  const fillings = patterns.map((one) => () => one.rest.flatMap(filled));
  const named = protectedNames.flatMap(({ paths, files = [], except = [] }) =>
    [...paths, ...files, ...except].map(
      (text) => () =>
        text
          .split('/')
          .flatMap((part) =>
            part === '**'
              ? [name()]
              : [part.replaceAll('*', () => pick(random, ['', 'a', 'b', '\u00e9']))],
          ),
    ),
  );
  function filled(segment: PathPattern['rest'][number]): string[] {
    if (segment.type === 'deep') return Array.from({ length: random(3) }, name);
    if (segment.type === 'name') return [segment.name];
    const texts = segment.parts.map((part) =>
      part.type === 'text' ? part.text : pick(random, FILLING),
    );
    return [texts.join('')];
  }
  const middles = [() => [], () => [name()], ...fillings, ...fillings, ...named, ...named];
  const cased = (one: string) => (random(8) === 0 ? one.toUpperCase() : one);
  const paths = Array.from({ length: PATHS }, () => {
    const names = [
      ...pick(random, starts).split('/'),
      ...pick(random, middles)(),
      ...(random(3) === 0 ? pick(random, middles)() : []),
      ...Array.from({ length: random(3) }, name),
    ];
    if (random(5) === 0) names.pop();
    const path = `/${names
      .filter((one) => one !== '' && one !== '.' && one !== '..')
      .map(cased)
      .join('/')}`;
    return LINKED.test(path) ? `/private${path}` : path;
  });
  return { rules, patterns, protectedNames, homes: given.homes, paths };
}

/** A pattern about what a rule has by its path, or about what is in there. */
function aboutRule(random: Random, path: string): Pick<PathPattern, 'base' | 'rest'> {
  const names = path.split('/').filter((one) => one !== '');
  const start = random(names.length + 1);
  const segment = (text: string) => (parseGlob(text) as Segment[][])[0]?.[0] as Segment;
  const rest = names.slice(start).map((one, at): Segment => {
    const begin = /^[a-z]/.exec(one)?.[0] ?? '';
    if (at > 0 && random(3) === 0) return { type: 'name', name: one };
    return segment(pick(random, ['*', '**', '?', `${begin}*`, '[!x]*']));
  });
  const more = pick(random, [[], ['*'], ['k*', 'a'], ['**', 'b']]).map(segment);
  return { base: `/${names.slice(0, start).join('/')}`, rest: withoutRows([...rest, ...more]) };
}

/** Two of `**` in a row mean what one means, and one at the end nothing. */
function withoutRows(rest: readonly Segment[]): Segment[] {
  const kept = rest.filter(({ type }, at) => type !== 'deep' || rest[at - 1]?.type !== 'deep');
  while (kept.at(-1)?.type === 'deep') kept.pop();
  return kept.length > 0 ? kept : [{ type: 'pattern', parts: [{ type: 'any' }] }];
}

/** An exception of what the name means, which others seldom are. */
function withException(random: Random, name: ProtectedName): ProtectedName {
  const [path] = name.paths;
  if (path === undefined || random(2) === 0) return name;
  const folder = path.split('/').slice(0, -1);
  const inside = (last: string) => [...folder, last].join('/');
  const except = pick(random, ['a', 'hooks', '*.txt', 'a*', '?', 'x.txt']);
  return {
    ...name,
    paths: [...name.paths, inside('*')],
    except: [...(name.except ?? []), inside(except)],
  };
}
