import { minimatch } from 'minimatch';
import { matchesName, matchesPath, parseGlob } from '../../../src/policy/glob.ts';
import { pick, seeded } from '../../support/seeded.ts';

function matches(text: string, path: string): boolean {
  const parsed = parseGlob(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.some((segments) =>
    matchesPath(segments, path.split('/').filter(Boolean), matchesName),
  );
}

test.each([
  ['*', 'a', true],
  ['*', '.a', true],
  ['*', 'a/b', false],
  ['**/a', 'a', true],
  ['**/a', 'x/y/a', true],
  ['a/**/b', 'a/b', true],
  ['a/**', 'a', true],
  ['a**b', 'axxb', true],
  ['?', 'é', true],
  ['?', '😀', true],
  ['??', '😀', false],
  ['[a-c]', 'b', true],
  ['[!a-c]', 'b', false],
  ['[^a-c]', 'd', true],
  ['[]a]', ']', true],
  ['[a-]', '-', true],
  ['{a,b}', 'b', true],
  ['{a,b{c,d}}', 'bd', true],
  ['{a}', '{a}', true],
  ['{a,}b', 'b', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['A', 'a', false],
])('%s and %s: %s', (pattern, path, said) => {
  expect(matches(pattern, path)).toBe(said);
});

test.each([
  ['{a', 'has braces that do not match'],
  ['a}', 'has braces that do not match'],
  ['[a', 'has a [ that begins no set'],
  ['[]', 'has a [ that begins no set'],
  ['[b-a]', 'has a [ that begins no set'],
  ['[[:alpha:]]', 'has a [ that begins no set'],
  ['*/../a', 'leads upwards behind a wildcard'],
  ['{1,2,3,4,5,6,7,8,9,0}'.repeat(4), 'has braces that stand for more than 1000 paths'],
])('%s %s', (pattern, problem) => {
  expect(parseGlob(pattern)).toEqual({ problem });
});

/* Without what minimatch has of its own: negation, comments, extended patterns, `{1..3}`. */
test('minimatch says the same of patterns that both have', () => {
  const random = seeded(11);
  const parts = ['a', 'b', '*', '?', '[ab]', '[!a]', '.', '{a,b}', 'ab'];
  const names = ['a', 'b', 'ab', '.a', 'ba', 'abb', 'c', '.'];
  const join = (from: readonly string[], count: number) =>
    Array.from({ length: 1 + random(count) }, () => pick(random, from)).join('');
  const segment = () => (random(5) === 0 ? '**' : join(parts, 3));
  let matched = 0;
  for (let round = 0; round < 20_000; round++) {
    const pattern = Array.from({ length: 1 + random(3) }, segment).join('/');
    const path = Array.from({ length: 1 + random(3) }, () => join(names, 2)).join('/');
    const dots = `/${pattern}/${path}/`.match(/\/\.+\//);
    /* Ours is the folder too, and theirs what is in it. */
    if (dots || pattern.endsWith('**') || pattern.includes('{')) continue;
    const theirs = minimatch(path, pattern, {
      dot: true,
      nocomment: true,
      nonegate: true,
      noext: true,
    });
    expect([pattern, path, matches(pattern, path)]).toEqual([pattern, path, theirs]);
    if (theirs) matched++;
  }
  expect(matched).toBeGreaterThan(300);
});
