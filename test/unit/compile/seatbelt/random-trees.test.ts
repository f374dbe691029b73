/* Random trees and rules of every kind, with hostile names: the evaluator's reading of the profile is
 * what the policy says, path by path and operation by operation. `npm run random -- mac 1000` for
 * many more. */
import { resolvePatterns } from '../../../../src/compile/seatbelt/resolve-patterns.ts';
import { resolveRules } from '../../../../src/compile/seatbelt/resolve-rules.ts';
import { SrtError } from '../../../../src/errors.ts';
import {
  decideAccess,
  type PathPattern,
  type PathRule,
} from '../../../../src/policy/path-rules.ts';
import type { ProtectedName } from '../../../../src/policy/protected-name.ts';
import { macPolicy, TYPES, type VnodeType } from '../../../support/mac-policy.ts';
import { NAMES, randomRules } from '../../../support/random-rules.ts';
import { allows, type Profile, READINGS, readProfile } from '../../../support/seatbelt/evaluate.ts';
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
];

/* Lone halves of characters stand for bytes that are no UTF-8, which no path of macOS has. */
const isText = (name: string) => Buffer.from(name).toString() === name;
const ALL_NAMES = [...NAMES, ...NAMES, ...HOSTILE].filter(isText);

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
  const patterns = given.patterns.map((pattern): PathPattern => {
    const list = pick(random, lists);
    return { ...pattern, list, source: { ...rule(list, '*').source } };
  });
  const starts = ['/', TMP, '/w', ...rules.map((one) => one.path), ...given.homes];
  const fillings = patterns.map((one) => () => one.rest.flatMap(filled));
  const named = given.protectedNames.flatMap(({ paths, files = [], except = [] }) =>
    [...paths, ...files, ...except].map(
      (text) => () =>
        text
          .split('/')
          .flatMap((part) =>
            part === '**' ? [name()] : [part.replaceAll('*', () => pick(random, ['', 'a', 'b']))],
          ),
    ),
  );
  function filled(segment: PathPattern['rest'][number]): string[] {
    if (segment.type === 'deep') return Array.from({ length: random(3) }, name);
    if (segment.type === 'name') return [segment.name];
    const texts = segment.parts.map((part) =>
      part.type === 'text' ? part.text : pick(random, ['a', 'b', 'C', '']),
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
    return `/${names
      .filter((one) => one !== '' && one !== '.' && one !== '..')
      .map(cased)
      .join('/')}`;
  });
  return { rules, patterns, protectedNames: given.protectedNames, homes: given.homes, paths };
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
    return { text, profile: readProfile(text), policy: macPolicy(resolved, named) };
  } catch (error) {
    if (error instanceof SrtError && error.code === 'SRT_COMPILE_UNENFORCEABLE') return null;
    throw error;
  }
}

type Asked = readonly [operation: string, type: VnodeType | undefined];

const ASKED: readonly Asked[] = [
  ['file-read-data', 'REGULAR-FILE'],
  ['process-exec', 'REGULAR-FILE'],
  ['file-write-data', 'REGULAR-FILE'],
  ['file-write-mode', 'DIRECTORY'],
  ...[...TYPES, undefined].flatMap((type): Asked[] => [
    ['file-write-create', type],
    ['file-write-unlink', type],
  ]),
];

function decided(policy: ReturnType<typeof macPolicy>, path: string, [operation, type]: Asked) {
  if (operation === 'file-read-data' || operation === 'process-exec')
    return policy.shows(path) || (path === '/' && operation === 'file-read-data');
  const types = type === undefined ? TYPES : [type];
  if (operation === 'file-write-create') return types.every((one) => policy.makes(path, one));
  if (operation === 'file-write-unlink') return types.every((one) => policy.removes(path, one));
  return types.every((one) => policy.changes(path, one));
}

function answered(profile: Profile, path: string, [operation, vnodeType]: Asked): boolean {
  const request = vnodeType === undefined ? { operation, path } : { operation, path, vnodeType };
  const [first, ...others] = READINGS.map((reading) => allows(profile, request, reading));
  if (others.some((other) => other !== first))
    throw new Error(`the readings differ: ${JSON.stringify(request)}`);
  return first ?? false;
}

const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;

/* Expressions err by denying where something is not of ASCII, or would need a backslash; exceptions
 * where a path has one and something else that the name means. */
const isOdd = (text: string) => /[^ -~]|[[\]\\^]/.test(text);

function mayBeStricter({ patterns, protectedNames, rules }: Case, path: string): boolean {
  return (
    isOdd(path) ||
    [...rules, ...patterns].some(({ source }) => isOdd(source.typed)) ||
    JSON.stringify(patterns).includes('"set"') ||
    protectedNames.some(({ except = [] }) => except.length > 0)
  );
}

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
        /* What has them is another name, as the disk has it, but cannot be made. */
        if (UNSEEN.test(path) && asked[0] !== 'file-write-create') continue;
        if (UNSEEN.test(path.slice(0, path.lastIndexOf('/')))) continue;
        const expected = decided(compiled.policy, path, asked);
        const found = answered(compiled.profile, path, asked);
        if (expected && !found && mayBeStricter(given, path)) seen.stricter++;
        else if (expected !== found)
          wrong.push(JSON.stringify({ seed, path, asked, expected, found, ...shown(given) }));
        else seen[found ? 'allowed' : 'denied']++;
      }
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  if (process.env.SRT_RANDOM_TREES !== undefined) console.log(seen);
  expect(seen.allowed).toBeGreaterThan(50 * TREES);
  expect(seen.denied).toBeGreaterThan(50 * TREES);
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
