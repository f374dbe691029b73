/* How the expressions of Seatbelt profiles compare names, as src/policy/ says it. */
import { parseGlob, type Segment } from '../../../src/policy/glob.ts';
import { EXPRESSIONS, FOLDED } from '../../../src/policy/name-comparison.ts';
import { FUZZ_FACTOR, pick, type Random, seeded } from '../../support/seeded.ts';

function segment(text: string): Segment {
  const [[only] = []] = parseGlob(text) as Segment[][];
  if (!only) throw new Error(`${text} is no segment`);
  return only;
}

const named = (name: string): Segment => ({ type: 'name', name });
const COUNTED = Object.values(EXPRESSIONS);

/** By characters, and by bytes. */
const denies = (one: Segment, name: string) => COUNTED.map((by) => by.denies(one, name));
const allows = (one: Segment, name: string) => COUNTED.map((by) => by.allows(one, name));

const BOTH = [true, true];
const NEITHER = [false, false];
const BYTES_ALONE = [false, true];

describe('what denies errs by meaning more', () => {
  test.each<[pattern: string, name: string, boolean[]]>([
    ['config', 'CONFIG', BOTH],
    ['config', 'con\ufb01g', BOTH],
    ['config', 'configs', NEITHER],
    ['hooks', 'hoo\u212a\u017f', BOTH],
    ['hooks', 'hoo\u00e9s', BOTH],
    ['hooks', 'hoo\u00e9', BYTES_ALONE],
    ['hooks', 'h\u00e9oks', NEITHER],
    ['.ssh', '.\u00dfh', BOTH],
    ['office', 'o\ufb00ice', BOTH],
    ['office', 'o\ufb03ce', BOTH],
    ['office', 'of\ufb01ce', BOTH],
    ['office', 'officee', NEITHER],
    ['asst', 'a\u00dft', BOTH],
    ['asst', 'as\ufb06', BOTH],
    ['asst', 'ast', NEITHER],
    ['?', '\u00e9', BOTH],
    ['?', '\u00e9\u00e9', BOTH],
    ['?', 'a\u00e9', NEITHER],
    ['?', 'ab', NEITHER],
    ['??', '\u00e9', BYTES_ALONE],
    ['[a-c]', 'B', BOTH],
    ['[a-c]', '\u00e9', NEITHER],
    ['[!a]', '\u00e9', BOTH],
    ['[r-t]', '\u00e9', BOTH],
    ['[\u00e8-\u00ea]', 'x', NEITHER],
    ['[a\u0001]', '\u0001', BOTH],
    ['[a\u007f]', '\u007f', BOTH],
    ['[-a]', '.', BOTH],
    ['[-a]', '+', NEITHER],
    ['[a^]', 'Z', BOTH],
    ['[a^]', 'Y', NEITHER],
    ['\\[x', '\\x', BOTH],
    ['\\[x', '\u00e9x', NEITHER],
    ['\u00e9', 'e\u0301', BOTH],
    ['\u00e9', '\u00c9', BOTH],
    ['\u00e9', 'x\u00e8', BOTH],
    ['\u00e9', 'e', NEITHER],
    ['\u2260', '=\u0338', BOTH],
    ['a;', 'a\u037e', BOTH],
    ['*\u037e', 'a;', BOTH],
    ['\ufb01', 'FI', BOTH],
    ['a\u200bb', 'ab', BOTH],
  ])('%j and %j: %j', (pattern, name, expected) => {
    expect(denies(segment(pattern), name)).toEqual(expected);
  });
});

describe('what allows errs by meaning less', () => {
  test.each<[pattern: string, name: string, boolean[]]>([
    ['config', 'CONFIG', BOTH],
    ['config', 'con\ufb01g', NEITHER],
    ['hooks', 'hoo\u212as', NEITHER],
    ['?', 'a', BOTH],
    ['?', '\u00e9', NEITHER],
    ['*', '\u00e9', BOTH],
    ['\u00e9*', '\u00e9a', BOTH],
    ['\u00e9*', 'e\u0301a', NEITHER],
    ['[a-c]', 'B', BOTH],
    ['[!a]', '\u00e9', NEITHER],
    ['[!a]', '-', BOTH],
    ['[!,]', '-', NEITHER],
    ['[!,]', '.', BOTH],
    ['[-a]', 'a', BOTH],
    ['[-a]', '-', NEITHER],
    ['[A-^]', '[', NEITHER],
    ['[A-_]', '[', BOTH],
    ['[x', '[x', BOTH],
    ['x]', 'x]', BOTH],
    ['x^*', 'x^', NEITHER],
    ['\ud800', '\ud800', NEITHER],
    ['[-]', '-', NEITHER],
  ])('%j and %j: %j', (pattern, name, expected) => {
    const parsed = pattern.startsWith('[x') ? named(pattern) : segment(pattern);
    expect(allows(parsed, name)).toEqual(expected);
  });
});

/** What file systems that ignore case take a character for, by the tables of the language itself. */
function spelledOut(character: string): string {
  return character.normalize('NFD').toLowerCase().toUpperCase().toLowerCase();
}

test('a name of ASCII is met by every character that a file system may take for letters of it', () => {
  const found: string[] = [];
  for (let code = 0x80; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const letters = spelledOut(character);
    /* It becomes an I, and yet no file system takes it for one. */
    if (!/^[ -~]+$/.test(letters) || character === '\u0131') continue;
    found.push(character);
    for (const [around, name] of [
      [`a${letters}b`, `a${character}b`],
      [`${letters}${letters}`, `${letters[0]}${letters.slice(1)}${character}`],
      [`a${character}b`, `a${letters.toUpperCase()}b`],
    ] as const)
      expect([character, around, denies(named(around), name)]).toEqual([character, around, BOTH]);
  }
  expect(found.join('')).toBe(
    '\u00df\u017f\u037e\u1e9e\u1fef\u212a\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06',
  );
});

const PARTS = [
  ...['a', 'b', 'S', 'k', 'f', 'i', 's', 't', '.', '-', '\u00e9', '\u017f', '\u0001', '\u{1f600}'],
  ...['*', '?', '[a-c]', '[!a]', '[\u00e8-\u00ea]', '[-k]', '[!\u00e9]', '\\[', '\\*', ']', '^'],
];
const LETTERS = [...'abSkfit.-\u00e9\u017f\u0001[*]^Z_', '\u{1f600}', 'e\u0301', '\ufb01'];

const some = (random: Random, from: readonly string[], count: number) =>
  Array.from({ length: 1 + random(count) }, () => pick(random, from)).join('');

test('they never allow what the policy denies, nor deny less', () => {
  const seen = { more: 0, less: 0, same: 0 };
  for (let seed = 0; seed < 10_000 * FUZZ_FACTOR; seed++) {
    const random = seeded(seed);
    const one = segment(`x${some(random, PARTS, 4)}`);
    const name = `x${some(random, LETTERS, 4)}`;
    const said = FOLDED.denies(one, name);
    for (const by of COUNTED) {
      const [denied, allowed] = [by.denies(one, name), by.allows(one, name)];
      if ((said && !denied) || (allowed && !said)) throw new Error(JSON.stringify({ one, name }));
      seen[denied !== said ? 'more' : allowed !== said ? 'less' : 'same']++;
    }
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
});
