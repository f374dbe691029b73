import { hasUnseen, UNSEEN } from '../../../src/policy/unseen.ts';

test.each([
  ['.mcp\u200c.json', true],
  ['\ufeff.git', true],
  ['.git\u00ad', true],
  ['a\u200b\u2060b', true],
  ['\u200b', true],
  ['\u2764\ufe0f.txt', false],
  ['1\ufe0f\u20e3', false],
  ['\u{1f468}\u200d\u{1f469}', false],
  ['plain', false],
  ['na\u00efve', false],
])('%j: %p', (name, expected) => {
  expect(hasUnseen(name)).toBe(expected);
});

/* By the table of its comparison (TN1150), as git has it too. */
test('all that HFS+ ignores are among them', () => {
  const ignored = [
    ...[0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
    ...[0x206a, 0x206b, 0x206c, 0x206d, 0x206e, 0x206f, 0xfeff],
  ];
  const characters = ignored.map((code) => String.fromCharCode(code));
  expect(characters.filter((character) => !UNSEEN.includes(character))).toEqual([]);
});
