import { quote } from '../../../../src/compile/seatbelt/quote.ts';
import { hasUnseen } from '../../../../src/policy/unseen.ts';
import { allows, READINGS, readProfile } from '../../../support/seatbelt/evaluate.ts';
import { parse } from '../../../support/seatbelt/parse.ts';
import { rule } from '../../rules.ts';
import { compileFor, file, folder, missing } from './mac.ts';
import { pick, seeded } from './seeded.ts';

/* What could end a string, a rule or a line, start a comment or a pattern, or be taken for one
 * character where it is several. */
const NASTY = [
  ...['"', '\\', '\\"', '\\\\', '\n', '\r', '\t', '\u0001', '\u007f', '\u001b[2J', '\u2028'],
  ...['(', ')', '))', ';', '#"', "'", '`', ',', '|#', '#|', '$', '^', '.', '*', '[a]', '{1}', '?'],
  ...['\\n', '\\x41', '\\0', ' ', '  ', '%s', '\u00e9', 'e\u0301', '\u{1f600}', '\u202e', '\ufeff'],
  ...[
    '"))(allow file-write* (subpath "',
    '") (literal "',
    '\n(allow default)\n',
    'a',
    'B',
    'k',
    's',
  ],
];

const isName = (name: string) => name !== '.' && name !== '..';

function nastyName(random: (limit: number) => number): string {
  const name = Array.from({ length: 1 + random(6) }, () => pick(NASTY, random)).join('');
  return isName(name) ? name : `${name}x`;
}

/** `count` names, none of which is another in any case of its letters. */
function names(random: (limit: number) => number, count: number): string[] {
  const found = new Map<string, string>();
  while (found.size < count) {
    const name = nastyName(random);
    found.set(name.normalize('NFD').toUpperCase(), name);
  }
  return [...found.values()];
}

test('a quoted text is read as what it was', () => {
  const random = seeded(1);
  for (let round = 0; round < 20_000; round++) {
    const text = nastyName(random);
    expect(parse(quote(text))).toEqual([{ kind: 'string', value: text }]);
  }
});

test('rules about nasty names hold for these names and no others', () => {
  for (let seed = 0; seed < 1000; seed++) {
    const random = seeded(seed);
    const [root = '', denied = '', kept = '', absent = '', free = '', inner = ''] = names(
      random,
      6,
    );
    const at = (...parts: string[]) => ['', 'Users', root, ...parts].join('/');
    const rules = [
      rule('allowWrite', at()),
      rule('denyRead', at(denied)),
      rule('denyWrite', at(inner, kept)),
      rule('denyWrite', at(absent)),
    ];
    const paths = {
      [at()]: folder(at()),
      [at(denied)]: file(at(denied)),
      [at(inner, kept)]: folder(at(inner, kept)),
      [at(absent)]: missing(at(absent)),
    };
    const { text } = compileFor(rules, { paths, caseInsensitive: seed % 2 === 0 });
    const profile = readProfile(text);
    /* What is in the root is another name on some volumes, unless the settings have it. */
    const may = (...parts: string[]) => !parts.some(hasUnseen);
    const expected: [string, string, boolean][] = [
      ['file-read-data', at(denied), false],
      ['file-write-data', at(denied), false],
      ['file-read-data', at(inner, kept), true],
      ['file-write-data', at(inner, kept, 'x'), false],
      ['file-write-create', at(absent), false],
      ['file-write-data', at(absent, 'x'), false],
      ['file-write-unlink', at(inner), false],
      ['file-write-data', at(inner, 'x'), may(inner)],
      ['file-write-data', at(free), may(free)],
      ['file-write-unlink', at(free), may(free)],
      ['file-write-data', `/Users/${free}`, false],
      ['file-write-create', '/Users/x', false],
    ];
    for (const [operation, path, wanted] of expected) {
      for (const reading of READINGS) {
        const found = allows(profile, { operation, path }, reading);
        if (found !== wanted) throw new Error(JSON.stringify({ seed, operation, path, found }));
      }
    }
  }
});

test('a name that is missing is denied in every case of its letters', () => {
  for (let seed = 0; seed < 1000; seed++) {
    const random = seeded(seed);
    const name = `.${nastyName(random)}Ks`;
    const path = `/Users/me/p/${name}/${nastyName(random)}`;
    const rules = [rule('allowWrite', '/Users/me/p'), rule('denyWrite', path)];
    const { text } = compileFor(rules, { paths: { [path]: missing(path) } });
    const profile = readProfile(text);
    for (const form of ['NFC', 'NFD'] as const) {
      for (const spelled of [name, name.toUpperCase(), name.toLowerCase()]) {
        const asked = `/Users/me/p/${spelled.normalize(form)}`;
        const request = { operation: 'file-write-create', path: asked };
        if (allows(profile, request)) throw new Error(JSON.stringify({ seed, asked, text }));
      }
    }
    const other = { operation: 'file-write-create', path: '/Users/me/p/other' };
    expect(allows(profile, other)).toBe(true);
  }
});
