import { foldedName, foldName, foldSegment } from '../../../src/policy/fold.ts';
import { matchesName, parseGlob } from '../../../src/policy/glob.ts';

test.each([
  ['.GIT', '.git'],
  ['.g\u200bit', '.git'],
  ['\u017fsh', 'ssh'],
  ['hoo\u212as', 'hooks'],
  ['\ufeff.git\u00ad', '.git'],
  ['\u037e\u1fef', ';`'],
  ['con\ufb01g', 'con\ufb01g'],
  ['É', 'É'],
  ['plain', 'plain'],
])('%j is %j', (name, folded) => {
  expect(foldName(name)).toBe(folded);
});

test('a set has the small letters of its capital ones too', () => {
  const set = (ranges: [number, number][]) =>
    ({ type: 'pattern', parts: [{ type: 'set', negated: false, ranges }] }) as const;
  expect(foldSegment(set([[0x41, 0x43]]))).toEqual(
    set([
      [0x41, 0x43],
      [0x61, 0x63],
    ]),
  );
  expect(foldSegment(set([[0x30, 0x39]]))).toEqual(set([[0x30, 0x39]]));
});

test.each([
  ['config', 'con\ufb01g', true],
  ['con\ufb01g', 'CONFIG', true],
  ['o\ufb03ce', 'of\ufb01ce', true],
  ['o\ufb03ce', 'o\ufb00ice', true],
  ['\u1e9e', 'ss', true],
  ['fi', '\ufb02', false],
])('folded, the name %j means %j: %j', (name, other, expected) => {
  expect(matchesName(foldedName(name), foldName(other))).toBe(expected);
});

test.each([
  ['*fi?', 'x\ufb01x', true],
  ['*fi?', 'x\ufb01', false],
  ['con?g', 'con\ufb01g', true],
  ['con??g', 'con\ufb01g', false],
  ['[ab]ffi*', 'A\ufb03', true],
  ['*\u00df*', 'xSSx', true],
  ['?\u00df', '\u1e9es\u017f', true],
  ['*f', '\ufb01', false],
  ['f*', '\ufb01', false],
])('folded, the pattern %j means %j: %j', (pattern, name, expected) => {
  const parsed = parseGlob(pattern);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const folded = parsed.flat().map(foldSegment);
  expect(folded.map((segment) => matchesName(segment, foldName(name)))).toEqual([expected]);
});

test('by no folding, one character is one character', () => {
  expect(matchesName({ type: 'name', name: 'fi' }, '\ufb01')).toBe(false);
  const text = { type: 'text', text: 'fi' } as const;
  expect(matchesName({ type: 'pattern', parts: [text, { type: 'any' }] }, '\ufb01')).toBe(false);
});
