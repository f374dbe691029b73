import type { ChangePattern, ChangePoint, ChangeRules } from '../../src/policy/change-rules.ts';
import { parseGlob, type Segment } from '../../src/policy/glob.ts';
import type { ProtectedName } from '../../src/policy/protected-name.ts';
import { pick, type Random } from './seeded.ts';

/* Few, so that rules and paths meet; and what is easily taken for another, or for none. */
const FOLDERS = ['a', 'b', 'ab', 'A', '.git', 'node_modules', 'w'];
export const NAMES = [
  ...FOLDERS,
  ...['.GIT', '.g\u200bit', 'hoo\u212as', 'Ho\u017f', 'hooks', 'config', 'Node_Modules', 'x.txt'],
  ...['con\ufb01g', '\u00df', 'a\ufb05.txt'],
  ...['\u00e9', '\udce9', 'a\udc80', '\udced\udca0\udc80', '\u{1f600}', '\u0004', '\u0001b'],
  ...['*', '[a]', '?', '\\', '{', 'a\n', ' ', '-', '.x', 'z'.repeat(40)],
];
const WILD = [
  '*',
  'a*',
  '*b',
  '?',
  '[a-c]',
  '[!a]',
  '*.txt',
  '{a,b}',
  '[!\u00e9]',
  '.*',
  '\\*',
  '??',
  '*fi?',
  'a\ufb06*',
];
const PROTECTED = [
  '.git',
  'hooks',
  'config',
  'a',
  'b',
  '*',
  'a*',
  '*.txt',
  '?',
  'node_modules',
  'ss',
];

const SOURCE = { setting: 'filesystem', typed: 'a random rule', where: null };

const some = <T>(random: Random, limit: number, make: () => T): T[] =>
  Array.from({ length: random(limit + 1) }, make);

function folder(random: Random, depth: number): string {
  return `/${some(random, depth, () => pick(random, FOLDERS)).join('/')}`;
}

function points(random: Random): ChangePoint[] {
  const accesses: readonly ChangePoint['access'][] = [
    ...(['read-write', 'read-write', 'read-write', 'read-only', 'masked'] as const),
    ...(['private', 'as-around'] as const),
  ];
  const made = some(random, 5, () => {
    const access = pick(random, accesses);
    return { path: folder(random, 3), access, source: SOURCE };
  });
  return [...new Map(made.map((point) => [point.path, point])).values()];
}

function segments(text: string): readonly Segment[] {
  const parsed = parseGlob(text);
  return 'problem' in parsed ? [] : (parsed[0] ?? []);
}

function patterns(random: Random): ChangePattern[] {
  return some(random, 4, () => {
    const first = pick(random, [...WILD, '**/*', '**/hooks', '**/.git']);
    const more = some(random, 2, () =>
      pick(random, [...WILD, ...WILD, '**/a', 'a', '.git', 'x.txt']),
    );
    const list = pick(random, ['allowWrite', 'denyWrite'] as const);
    const rest = segments([first, ...more].join('/'));
    return { list, base: folder(random, 2), rest, source: SOURCE, folded: random(4) === 0 };
  }).filter(({ rest }) => rest[0]?.type !== 'name' && rest.length > 0);
}

function protectedName(random: Random, at: number): ProtectedName {
  const texts = () =>
    some(random, 2, () => {
      const text = [pick(random, PROTECTED), ...some(random, 2, () => pick(random, PROTECTED))];
      if (text.length > 1 && random(5) === 0) text.splice(1, 0, '**');
      return text.join('/');
    });
  return {
    name: `name-${at}`,
    within: random(3) === 0 ? 'home' : 'tree',
    paths: texts(),
    files: texts(),
    except: texts(),
    reason: 'is there for a test',
    ...(random(2) === 0 ? { dependencies: true } : {}),
  };
}

export function randomRules(random: Random): ChangeRules {
  return {
    points: points(random),
    patterns: patterns(random),
    protectedNames: some(random, 4, () => 0).map((_, at) => protectedName(random, at)),
    handedOver: some(random, 3, () => 0).map((_, at) => protectedName(random, 10 + at)),
    homes: some(random, 2, () => folder(random, 2)),
  };
}

/** Paths that nearly are what the rules are about, and what lies around. */
export function randomPaths(random: Random, rules: ChangeRules, count: number): string[] {
  const name = () => pick(random, NAMES);
  const fill = (pattern: readonly Segment[]) => pattern.flatMap((one) => filled(random, one));
  const starts: (() => string[])[] = [
    () => some(random, 4, name),
    ...rules.points.map((point) => () => point.path.split('/')),
    ...rules.patterns.map((one) => () => [...one.base.split('/'), ...fill(one.rest)]),
    ...[...rules.protectedNames, ...rules.handedOver].flatMap(
      ({ paths, files = [], except = [], within }) =>
        [...paths, ...files, ...except].map((text) => () => {
          const froms = within === 'home' ? rules.homes : rules.points.map(({ path }) => path);
          const from = froms.length > 0 ? pick(random, froms) : '/';
          return [...from.split('/'), ...some(random, 1, name), ...fill(segments(text))];
        }),
    ),
  ];
  return Array.from({ length: count }, () => {
    const names = pick(random, starts)();
    if (random(3) === 0) names.push(...some(random, 2, name));
    if (random(4) === 0) names.splice(random(names.length + 1), random(2), name());
    if (random(4) === 0) names.pop();
    return `/${names.filter((one) => one !== '').join('/')}`;
  });
}

/** Names that fit a segment, or would but for their case. */
function filled(random: Random, segment: Segment): string[] {
  if (segment.type === 'deep') return some(random, 2, () => pick(random, NAMES));
  if (segment.type === 'name') return [random(5) === 0 ? segment.name.toUpperCase() : segment.name];
  const text = segment.parts.map((part) => {
    if (part.type === 'text') return part.text;
    if (part.type === 'any') return pick(random, ['', 'a', 'ab', '.', '\u00e9']);
    return pick(random, ['a', 'b', 'C', '\u00e9', '\udce9', '\u{1f600}', '']);
  });
  return [text.join('').replaceAll('/', '')];
}
