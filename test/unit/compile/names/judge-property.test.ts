import { type Changed, decideChange, nameToTell } from '../../../../src/policy/change-decision.ts';
import { namesOf, placeOf } from '../../../../src/policy/change-place.ts';
import type { ChangeRules } from '../../../../src/policy/change-rules.ts';
import { handedOverNames } from '../../../../src/policy/handed-over-names.ts';
import { protectedNames } from '../../../../src/policy/protected-names.ts';
import { type Answer, buildJudge, type Question } from '../../../support/judge.ts';
import { randomPaths, randomRules } from '../../../support/random-rules.ts';
import { FUZZ_FACTOR, pick, seeded } from '../../../support/seeded.ts';

const SETS = 600 * FUZZ_FACTOR;
const PATHS = 50;
/** Of what the paths end in, these many are looked for beneath both ends of a move. */
const TAILS = 25;
/** Moves that are seen to be judged otherwise, as the control. */
const ENOUGH = 100;
const KINDS: readonly Changed[] = ['file', 'folder', 'link'];

const judge = buildJudge();

function verdict(rules: ChangeRules, path: string): string {
  return KINDS.map((kind) => {
    const decision = decideChange(rules, path, kind);
    if (decision.allowed) return nameToTell(rules, path, kind) ? 'T' : '.';
    return decision.errno === 'EROFS' ? 'R' : 'A';
  }).join('');
}

function shown(rules: ChangeRules): string {
  return JSON.stringify(rules, (key, value) => (key === 'source' ? undefined : value));
}

function ask(seed: number): Question {
  const random = seeded(seed);
  const rules = randomRules(random);
  const paths = randomPaths(random, rules, PATHS);
  const pairs = Array.from({ length: 20 }, () => [random(PATHS), random(PATHS)] as const);
  return { rules, paths, pairs };
}

/* In parts, because a long run has more of them than fit. */
function forEachSet(
  sets: number,
  check: (question: Question, answer: Answer, seed: number) => void,
): void {
  for (let from = 0; from < sets; from += 500) {
    const questions = Array.from({ length: Math.min(500, sets - from) }, (_, at) => ask(from + at));
    judge(questions).forEach((answer, at) => {
      check(questions[at] as Question, answer, from + at);
    });
  }
}

test('srt-init says of every path what the policy decides', () => {
  const seen = new Map<string, number>();
  const differ: unknown[] = [];
  forEachSet(SETS, ({ rules, paths }, { verdicts }, seed) => {
    paths.forEach((path, at) => {
      const decided = verdict(rules, path);
      seen.set(decided, (seen.get(decided) ?? 0) + 1);
      if (verdicts[at] !== decided && differ.length < 3)
        differ.push({ seed, path, decided, said: verdicts[at], rules: shown(rules) });
    });
  });
  expect(differ).toEqual([]);
  /* Each kind of answer was among them, or nothing was compared. */
  const refusals = ['...', '..A', 'A.A', 'AAA', 'ARA', 'RRR'];
  const kinds = [...refusals, 'ATA', 'T.A', 'T.T', 'TTA', 'TTT'];
  expect([...seen.keys()].sort()).toEqual(kinds.sort());
  for (const count of seen.values()) expect(count).toBeGreaterThan(50);
});

test('a name of the home folder that has no pattern leads nowhere', () => {
  const source = { setting: 'filesystem', typed: 'a rule', where: null };
  const home = {
    name: 'of-home',
    within: 'home',
    reason: 'is there for a test',
    paths: [],
  } as const;
  const rules: ChangeRules = {
    points: [{ path: '/', access: 'read-write', source }],
    patterns: [],
    protectedNames: [home],
    handedOver: [],
    homes: ['/a/b'],
  };
  const paths = ['/a', '/a/b', '/c'];
  const [answer] = judge([{ rules, paths }]);
  expect(answer?.verdicts).toEqual(paths.map((path) => verdict(rules, path)));
  expect(answer?.verdicts).toEqual(['...', '...', '...']);
});

test('a folder may only be moved to where all that it may hold is judged alike', () => {
  let moved = 0;
  let differing = 0;
  const wrong: unknown[] = [];
  forEachSet(SETS / 5, ({ rules, paths, pairs = [] }, { verdicts, same }, seed) => {
    const random = seeded(seed);
    const beneath = paths.flatMap((path) => namesOf(path).map((_, at, all) => all.slice(at)));
    const every = [...new Set(beneath.map((names) => names.join('/')))];
    const tails = Array.from({ length: TAILS }, () => pick(random, every));
    const writable = (path: string) => placeOf(rules, path).writable.length > 0;
    pairs.forEach(([one, other], at) => {
      const [from, to] = [paths[one] as string, paths[other] as string];
      /* Else the call is refused before, or by the mounts, which nothing is moved between. */
      if (from === to || !'.T'.includes(verdicts[one]?.[1] ?? 'A')) return;
      if (!'.T'.includes(verdicts[other]?.[1] ?? 'A')) return;
      if (writable(from) !== writable(to) || (!same[at] && differing >= ENOUGH)) return;
      const said = (path: string, tail: string) =>
        verdict(rules, `${path === '/' ? '' : path}/${tail}`).replaceAll('T', '.');
      const tail = tails.find((one) => said(from, one) !== said(to, one));
      if (tail !== undefined) differing++;
      if (!same[at]) return;
      moved++;
      if (tail !== undefined && wrong.length < 3)
        wrong.push({ seed, from, to, tail, rules: shown(rules) });
    });
  });
  expect(wrong).toEqual([]);
  expect(moved).toBeGreaterThan(100);
  expect(differing).toBe(ENOUGH);
});

test('the names that srt has are judged as their patterns say', () => {
  const random = seeded(7);
  const point = { path: '/w', access: 'read-write' as const };
  const rules: ChangeRules = {
    points: [{ ...point, source: { setting: 'filesystem.allowWrite', typed: '/w', where: null } }],
    patterns: [],
    protectedNames: protectedNames([], ['ci-workflows', 'agent-instructions']),
    handedOver: handedOverNames(protectedNames([], ['ci-workflows', 'agent-instructions'])),
    homes: ['/w/home'],
  };
  const paths = randomPaths(random, rules, 100 * FUZZ_FACTOR);
  const [answer] = judge([{ rules, paths }]);
  const decided = paths.map((path) => verdict(rules, path));
  expect(answer?.verdicts).toEqual(decided);
  expect(decided.filter((said) => said === 'AAA').length).toBeGreaterThan(20);
});
