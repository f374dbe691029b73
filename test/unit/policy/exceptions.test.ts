import { excepts, twice } from '../../../src/policy/exceptions.ts';
import { parseGlob, type Segment } from '../../../src/policy/glob.ts';
import { walk } from '../../../src/policy/glob-walk.ts';
import { FOLDED } from '../../../src/policy/name-comparison.ts';
import { PROTECTED_NAMES } from '../../../src/policy/protected-names.ts';
import { patternsOf } from '../../../src/policy/protected-patterns.ts';
import { pick, seeded } from '../../support/seeded.ts';

function pattern(text: string): readonly Segment[] {
  const [parsed] = parseGlob(text) as Segment[][];
  if (!parsed) throw new Error(text);
  return parsed;
}

test.each([
  ['a/x', 'a/*', true],
  ['a/*.b', 'a/*', true],
  ['a/**/x', 'a/**/*', true],
  ['a/x.json', 'a/*.json', true],
  ['a/x.toml', 'a/*.json', false],
  ['a/x*', 'a/x.*', false],
  ['a/b/x', 'a/*', false],
  ['b/x', 'a/*', false],
  ['*/x', 'a/*', false],
])('an exception %s of %s: %p', (exception, wider, expected) => {
  expect(excepts(pattern(exception), pattern(wider))).toBe(expected);
});

test('each exception of a protected name has an effect', () => {
  for (const name of PROTECTED_NAMES) {
    const patterns = patternsOf(name);
    const paths = patterns.filter(({ kind }) => kind === 'paths');
    for (const { kind, text, segments } of patterns)
      if (kind === 'except')
        expect([text, paths.some((path) => excepts(segments, path.segments))]).toEqual([
          text,
          true,
        ]);
  }
});

const NAMES = ['a', 'b', 'ab', 'c'];
const PARTS = ['a', 'b', 'ab', '*', 'a*', '*b', '?'];
const ANYWHERE = { type: 'deep' } as const;

const isLiteral = (text: string) => !text.includes('*') && !text.includes('?');
/** Of two that overlap, one can be said for both: they are the same, or one is a name or anything. */
const isPlain = (texts: readonly string[]) =>
  new Set(texts.filter((text) => !isLiteral(text) && text !== '*')).size <= 1;

test('a pattern is met twice where it is met at two places of a path', () => {
  const seen = { twice: 0, once: 0, more: 0 };
  for (let seed = 0; seed < 30_000; seed++) {
    const random = seeded(seed);
    const texts = Array.from({ length: 1 + random(3) }, () => pick(random, PARTS));
    const deep = 1 + random(2 * texts.length);
    const parts = deep < texts.length ? texts.toSpliced(deep, 0, '**') : texts;
    const whole = pattern(parts.join('/'));
    const names = Array.from({ length: random(8) }, () => pick(random, NAMES));
    const ends = (one: readonly Segment[]) =>
      walk([ANYWHERE, ...one], names, FOLDED.denies).complete.length;
    const isMetTwice = ends(whole) > 1;
    const isSaid = twice(whole).some((more) => ends(more) > 0);
    const isMore = isSaid && !isMetTwice;
    if ((isMetTwice && !isSaid) || (isMore && isPlain(texts)))
      throw new Error(JSON.stringify({ parts, names, isMetTwice, isSaid }));
    seen[isMore ? 'more' : isMetTwice ? 'twice' : 'once']++;
  }
  expect(seen.twice).toBeGreaterThan(1000);
  expect(seen.once).toBeGreaterThan(1000);
  expect(seen.more).toBeGreaterThan(10);
});
