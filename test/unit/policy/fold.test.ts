import { foldName, foldSegment } from '../../../src/policy/fold.ts';

test.each([
  ['.GIT', '.git'],
  ['.g\u200bit', '.git'],
  ['\u017fsh', 'ssh'],
  ['hoo\u212as', 'hooks'],
  ['\ufeff.git\u00ad', '.git'],
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
