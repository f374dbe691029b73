/* That the text of an expression means what src/policy/ says that expressions mean, in both of the
 * ways in which the engine may count. */
import { narrowName, wideName } from '../../../../src/compile/seatbelt/name-regex.ts';
import { parseGlob, type Segment } from '../../../../src/policy/glob.ts';
import { EXPRESSIONS } from '../../../../src/policy/name-comparison.ts';
import { FUZZ_FACTOR, pick, seeded } from '../../../support/seeded.ts';

type Named = Exclude<Segment, { type: 'deep' }>;

const ENCODINGS = {
  characters: (text: string) => text,
  bytes: (text: string) => Buffer.from(text).toString('latin1'),
};

const PARTS = [
  ...['a', 'B', 'k', 's', 'S', 'f', 'i', 'l', 't', ' ', '.', '-', '+', '(', '$', '\\{', '"', ';'],
  ...['\u00e9', 'e\u0301', '\u017f', '\ufb01', '\u200b', '\u0001', '\u007f', '\u{1f600}', '\u2260'],
  ...['*', '?', '[a-c]', '[!a]', '[\u00e8-\u00ea]', '[-k]', '[!\u00e9]', '[\u0001b]', '[A-_]'],
  ...['\\[', ']', '\\*', '\\?', '^', '\\\\', '[^,]', '[[]', '[\\\\]', '[ -~]'],
];
const LETTERS = [
  ...'aBbksSfiltZY_ .,-+($";`=<[]\\^\u00e9\u017f\u0001\u007f\u200b\u0301',
  ...['\u{1f600}', 'e\u0301', '\ufb01', '\u2260', 'ff', 'ss', 'st', 'fi'],
];

test.each(['characters', 'bytes'] as const)('by %s', (counted) => {
  const encode = ENCODINGS[counted];
  const met = { denies: 0, allows: 0 };
  for (let seed = 0; seed < 10_000 * FUZZ_FACTOR; seed++) {
    const random = seeded(seed);
    const some = (from: readonly string[]) =>
      Array.from({ length: 1 + random(4) }, () => pick(random, from)).join('');
    const [[one] = []] = parseGlob(`x${some(PARTS)}`) as Segment[][];
    const name = `x${some(LETTERS)}`;
    for (const [kind, text] of [
      ['denies', wideName(one as Named)],
      ['allows', narrowName(one as Named)],
    ] as const) {
      const expected = EXPRESSIONS[counted][kind](one as Segment, name);
      const found = text !== null && new RegExp(`^${encode(text)}$`, 's').test(encode(name));
      if (found !== expected || text?.includes('\\'))
        throw new Error(JSON.stringify({ kind, one, name, text, found, expected }));
      if (found) met[kind]++;
    }
  }
  expect(met.denies).toBeGreaterThan(300);
  expect(met.allows).toBeGreaterThan(100);
});
