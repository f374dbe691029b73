/* Random trees and rules of every kind, with hostile names: the evaluator's reading of the profile is
 * what the policy says, path by path and operation by operation. `npm run random -- mac 1000` for
 * many more. */
import { resolvePatterns } from '../../../../src/compile/seatbelt/resolve-patterns.ts';
import { resolveRules } from '../../../../src/compile/seatbelt/resolve-rules.ts';
import { SrtError } from '../../../../src/errors.ts';
import { matchesName, type Part, type Segment } from '../../../../src/policy/glob.ts';
import { EXPRESSIONS } from '../../../../src/policy/name-comparison.ts';
import { decideAccess } from '../../../../src/policy/path-rules.ts';
import { type MacPolicy, macPolicy, TYPES, type VnodeType } from '../../../support/mac-policy.ts';
import {
  allows,
  type Profile,
  READINGS,
  type Reading,
  readProfile,
} from '../../../support/seatbelt/evaluate.ts';
import { type Random, seeded } from '../../../support/seeded.ts';
import { compileFor, folder, MACHINE, missing } from './mac.ts';
import { type Case, randomCase, TMP } from './random-case.ts';

const TREES = Number(process.env.SRT_RANDOM_TREES ?? 60);
const FIRST = Number(process.env.SRT_RANDOM_SEED ?? 1);
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

/* Where expressions may err by denying: about what is not of ASCII or would need a backslash, on the
 * path or in a rule, and where a path has an exception and something else that the name means. */
const isOdd = (text: string) => /[^ -~]|[[\]\\^]/.test(text);

/** A set that has some of these and not all. */
const isOddSet = (part: Part) =>
  [',-.', 'Z[\\]^_'].some((group) => {
    const members = [...group].filter((one) =>
      matchesName({ type: 'pattern', parts: [part] }, one),
    );
    return members.length > 0 && members.length < group.length;
  });

function isOddSegment(segment: Segment): boolean {
  if (segment.type === 'deep') return false;
  if (segment.type === 'name') return isOdd(segment.name);
  return segment.parts.some((part) =>
    part.type === 'text' ? isOdd(part.text) : part.type === 'set' && isOddSet(part),
  );
}

function mayBeStricter({ patterns, protectedNames, rules }: Case, path: string): boolean {
  return (
    isOdd(path) ||
    rules.some(({ source }) => isOdd(source.typed)) ||
    patterns.some(({ rest }) => rest.some(isOddSegment)) ||
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
