/* Random trees and rules of every kind, with hostile names: the evaluator's reading of the profile is
 * what the policy says, path by path and operation by operation. `npm run random -- mac 1000` for
 * many more. */
import { resolvePatterns } from '../../../../src/compile/seatbelt/resolve-patterns.ts';
import { resolveRules } from '../../../../src/compile/seatbelt/resolve-rules.ts';
import { SrtError } from '../../../../src/errors.ts';
import { parseGlob, type Segment } from '../../../../src/policy/glob.ts';
import { EXPRESSIONS } from '../../../../src/policy/name-comparison.ts';
import {
  decideAccess,
  type PathPattern,
  type PathRule,
} from '../../../../src/policy/path-rules.ts';
import type { ProtectedName } from '../../../../src/policy/protected-name.ts';
import { type MacPolicy, macPolicy, TYPES, type VnodeType } from '../../../support/mac-policy.ts';
import { NAMES, randomRules } from '../../../support/random-rules.ts';
import {
  allows,
  type Profile,
  READINGS,
  type Reading,
  readProfile,
} from '../../../support/seatbelt/evaluate.ts';
import { pick, type Random, seeded } from '../../../support/seeded.ts';
import { builtIn, rule } from '../../rules.ts';
import { compileFor, folder, MACHINE, missing } from './mac.ts';

const TREES = Number(process.env.SRT_RANDOM_TREES ?? 60);
const FIRST = Number(process.env.SRT_RANDOM_SEED ?? 1);
const PATHS = 60;
const TMP = '/private/tmp/own';

const HOSTILE = [
  ...['"', '\\', '\\"', '\n', '\r', '(', ')', ';', '#"', '^', '$', '|', '+', '[', ']', '{2}'],
  ...['\u0001', '"))(allow default)', 'a"b', '..x', '%s', 'e\u0301', '\u202e', 'x'.repeat(200)],
  ...['con\ufb01g', 'ho\u00f6ks', '\u00e9\u00e9', 'a\u00e9', '\u00e9b', 'Z_', '-', '.', '\ufb06'],
];

/* What expressions can say only more or less of. */
const ODD = [
  ...['??', 'k*', '*s', '?s', '[-a]', '[!-a]', '[A-^]*', '[\u0001a]', '[!\u00e9]?', '*\u00e9*'],
  ...['**/?', '**/k*/a', '**/*st', '?/**/ks', '\\[*', '*]'],
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

interface Case {
  rules: PathRule[];
  patterns: PathPattern[];
  protectedNames: readonly ProtectedName[];
  homes: readonly string[];
  paths: string[];
}

function randomCase(random: Random): Case {
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

/** Null where srt says that it cannot keep the rules. */
function compileCase(random: Random, { rules, patterns, protectedNames, homes }: Case) {
  const at = (path: string) => [path, random(4) === 0 ? missing(path) : folder(path)] as const;
  const paths = [...rules.map(({ path }) => path), ...patterns.map(({ base }) => base), ...homes];
  const facts = { ...MACHINE, temporary: TMP, cwd: '/', paths: new Map(paths.map(at)) };
  const cwd = ['/', '/w', '/a', '/b', '/ab'].find((path) =>
    ['read-only', 'read-write'].includes(decideAccess(rules, path)),
  );
  if (cwd === undefined) return null;
  facts.cwd = cwd;
  try {
    const { text } = compileFor(rules, {
      ...{ ...facts, paths: Object.fromEntries(facts.paths), patterns, protectedNames, homes },
    });
    const resolved = resolveRules(rules, facts).rules;
    const named = resolvePatterns({ rules: resolved, patterns, protectedNames, homes, facts });
    const { characters, bytes } = EXPRESSIONS;
    return {
      ...{ text, profile: readProfile(text), policy: macPolicy(resolved, named) },
      said: {
        characters: macPolicy(resolved, named, characters),
        bytes: macPolicy(resolved, named, bytes),
      },
    };
  } catch (error) {
    if (error instanceof SrtError && error.code === 'SRT_COMPILE_UNENFORCEABLE') return null;
    throw error;
  }
}

type Asked = readonly [operation: string, type: VnodeType | undefined];

const ASKED: readonly Asked[] = [
  ['file-read-data', 'REGULAR-FILE'],
  ['process-exec', 'REGULAR-FILE'],
  ['file-read-metadata', 'DIRECTORY'],
  ['file-read-metadata', 'SYMLINK'],
  ['file-write-data', 'REGULAR-FILE'],
  ['file-write-mode', 'DIRECTORY'],
  ...[...TYPES, undefined].flatMap((type): Asked[] => [
    ['file-write-create', type],
    ['file-write-unlink', type],
  ]),
];

function decided(policy: MacPolicy, path: string, [operation, type]: Asked) {
  const types = type === undefined ? TYPES : [type];
  if (operation === 'file-read-metadata') return types.every((one) => policy.looksUp(path, one));
  if (operation === 'file-read-data' || operation === 'process-exec')
    return policy.shows(path) || (path === '/' && operation === 'file-read-data');
  if (operation === 'file-write-create') return types.every((one) => policy.makes(path, one));
  if (operation === 'file-write-unlink') return types.every((one) => policy.removes(path, one));
  return types.every((one) => policy.changes(path, one));
}

function answered(
  profile: Profile,
  path: string,
  [operation, vnodeType]: Asked,
  wanted: Reading['counted'],
): boolean {
  const short = path.replace(/^\/private(?=\/(tmp|var|etc)(\/|$))/, '');
  const type = vnodeType === undefined ? {} : { vnodeType };
  const [first, ...others] = [...new Set([path, short])].flatMap((name) =>
    READINGS.filter(({ counted }) => counted === wanted).map((reading) =>
      allows(profile, { operation, path: name, ...type }, reading),
    ),
  );
  if (others.some((other) => other !== first))
    throw new Error(`the readings differ: ${JSON.stringify({ operation, path, vnodeType })}`);
  return first ?? false;
}

const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;

/* Where expressions may err by denying: about what is not of ASCII or would need a backslash, and where
 * a path has an exception and something else that the name means. */
const isOdd = (text: string) => /[^ -~]|[[\]\\^]/.test(text);

function mayBeStricter({ patterns, protectedNames, rules }: Case, path: string): boolean {
  return (
    isOdd(path) ||
    [...rules, ...patterns].some(({ source }) => isOdd(source.typed)) ||
    JSON.stringify(patterns).includes('"set"') ||
    protectedNames.some(({ except = [] }) => except.length > 0)
  );
}

/* The profile has to say, by characters and by bytes, what src/policy/ says of expressions: no more
 * and no less. That may never be more than the policy allows, and only less for the reasons above. */
test(`profiles of ${TREES} random trees say what the policy says`, () => {
  const seen = { allowed: 0, denied: 0, stricter: 0, refused: 0 };
  const wrong: string[] = [];
  for (let seed = FIRST; seed < FIRST + TREES && wrong.length < 3; seed++) {
    const random = seeded(seed);
    const given = randomCase(random);
    const compiled = compileCase(random, given);
    if (!compiled) {
      seen.refused++;
      continue;
    }
    for (const path of given.paths) {
      for (const asked of ASKED) {
        /* Nobody makes or removes it, whatever a profile says. */
        if (path === '/' && /create|unlink/.test(asked[0])) continue;
        const isReading = /read|exec/.test(asked[0]);
        /* For reading it is another name, as the disk has it. */
        if (isReading && UNSEEN.test(path)) continue;
        const allowed = decided(compiled.policy, path, asked);
        for (const counted of ['characters', 'bytes'] as const) {
          const said = decided(compiled.said[counted], path, asked);
          const found = answered(compiled.profile, path, asked, counted);
          const isStricter = allowed && !found;
          if (found !== said || (found && !allowed) || (isStricter && !mayBeStricter(given, path)))
            wrong.push(
              JSON.stringify({ seed, path, asked, counted, allowed, said, found, ...shown(given) }),
            );
          else seen[isStricter ? 'stricter' : found ? 'allowed' : 'denied']++;
        }
      }
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  if (process.env.SRT_RANDOM_TREES !== undefined) console.log(seen);
  expect(seen.allowed).toBeGreaterThan(100 * TREES);
  expect(seen.denied).toBeGreaterThan(100 * TREES);
  expect(seen.stricter).toBeLessThan(seen.allowed);
  expect(seen.refused).toBeLessThan(TREES / 2);
}, 86_400_000);

function shown({ rules, patterns, protectedNames, homes }: Case) {
  return {
    rules: rules.map(({ list, path }) => `${list} ${path}`),
    patterns: patterns.map(({ list, base, rest }) => `${list} ${base} ${JSON.stringify(rest)}`),
    names: protectedNames,
    homes,
  };
}
