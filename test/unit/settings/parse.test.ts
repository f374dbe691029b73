import { parseText } from '../../../src/settings/parse.ts';
import { refusal } from '../rules.ts';

const parse = (text: string) => parseText(text, 'settings.json');

function problem(text: string): string {
  const error = refusal(() => parse(text));
  expect(error.code).toBe('SRT_SETTINGS_INVALID');
  return error.message;
}

describe('text that is read', () => {
  test.each([
    ['an object', '{"a": [1, true, null, "x"]}', { a: [1, true, null, 'x'] }],
    ['an empty object', '{}', {}],
    ['a line comment', '{\n// why\n"a": 1}', { a: 1 }],
    ['a block comment', '{/* why */"a": /* not 2 */ 1}', { a: 1 }],
    ['a comment at the end', '{"a": 1} // done', { a: 1 }],
    [
      'what looks like a comment in a string',
      '{"a": "// no /* comment */"}',
      {
        a: '// no /* comment */',
      },
    ],
    ['a trailing comma in an object', '{"a": 1,}', { a: 1 }],
    ['a trailing comma in an array', '{"a": [1, 2,],}', { a: [1, 2] }],
    ['escapes', '{"a": "\\u00e9\\n\\"\\\\"}', { a: 'é\n"\\' }],
    ['Windows line ends', '{\r\n"a": 1\r\n}\r\n', { a: 1 }],
    ['any value, which is for the schema to judge', '[1]', [1]],
    ['32 levels', `${'['.repeat(32)}${']'.repeat(32)}`, nested(32)],
    ['brackets in strings', `{"a": "${'['.repeat(100)}"}`, { a: '['.repeat(100) }],
    ['many siblings', `[${'[],'.repeat(100)}]`, Array.from({ length: 100 }, () => [])],
  ])('%s', (_what, text, value) => {
    expect(parse(text).value).toEqual(value);
  });

  function nested(levels: number): unknown {
    return levels === 0 ? undefined : [nested(levels - 1)].filter((inner) => inner !== undefined);
  }
});

describe('text that is refused, with its place', () => {
  test.each([
    ['nothing', '', '1:1: the settings file is empty'],
    ['white space', ' \n\t\n', '1:1: the settings file is empty'],
    ['a comment alone', '// nothing', '1:11: value expected'],
    ['a missing value', '{"a": }', '1:7: value expected'],
    ['a missing comma', '{"a": 1\n "b": 2}', '2:2: comma expected'],
    ['a missing colon', '{"a" 1}', '1:6: colon expected'],
    ['an open object', '{"a": 1', '1:8: close brace expected'],
    ['an open array', '{"a": [1', '1:9: close bracket expected'],
    ['an open string', '{"a": "x\n}', '1:7: unexpected end of string'],
    ['an open comment', '{"a": 1} /* x', '1:10: unexpected end of comment'],
    ['single quotes', "{'a': 1}", '1:2: invalid symbol'],
    ['a bare key', '{a: 1}', '1:2: invalid symbol'],
    ['a bare word', '{"a": yes}', '1:7: invalid symbol'],
    ['an unknown escape', '{"a": "\\x41"}', '1:7: invalid escape character'],
    ['a short code point', '{"a": "\\u12"}', '1:7: invalid unicode'],
    ['a control character in a string', '{"a": "x\ty"}', '1:7: invalid character'],
    ['text after the end', '{}\n{}', '2:1: end of file expected'],
    ['two commas', '{"a": [1,,2]}', '1:10: value expected'],
    ['a repeated key', '{"a": 1,\n "a": 2}', '2:2: the key "a" is repeated'],
    ['a key repeated inside', '{"x": [{"a": 1, "b": 2, "a": 3}]}', '1:25: the key "a" is repeated'],
    ['a key repeated by an escape', '{"ab": 1, "a\\u0062": 2}', '1:11: the key "ab" is repeated'],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, '1:33: nested more than 32 levels'],
    ['33 levels of objects', '{"a":'.repeat(33), '1:161: nested more than 32 levels'],
    ['absurd nesting', '['.repeat(500_000), '1:33: nested more than 32 levels'],
    ['a byte order mark within', '{"a": \ufeff1}', '1:7: invalid symbol'],
  ])('%s', (_what, text, message) => {
    expect(problem(text)).toBe(`settings.json:${message}`);
  });

  test('an empty file comes with what to write instead', () => {
    expect(refusal(() => parse('')).hint).toContain('{}');
  });
});

describe('places', () => {
  const text = '{\n  "network": {\n    "allowedDomains": ["a.example",\n      "b.example"]\n  }\n}';

  test.each([
    [[], '1:1'],
    [['network'], '2:14'],
    [['network', 'allowedDomains'], '3:23'],
    [['network', 'allowedDomains', 0], '3:24'],
    [['network', 'allowedDomains', 1], '4:7'],
    [['network', 'allowedDomains', 2], '1:1'],
    [['no-such-key'], '1:1'],
  ])('of the value at %j: %s', (path, place) => {
    expect(parse(text).locate(path)).toBe(`settings.json:${place}`);
  });

  test.each([
    [['network'], '2:3'],
    [['network', 'allowedDomains'], '3:5'],
  ])('of the key at %j: %s', (path, place) => {
    expect(parse(text).locateKey(path)).toBe(`settings.json:${place}`);
  });

  test('columns count from 1 after Windows line ends too', () => {
    expect(parse('{\r\n  "a": 1}').locate(['a'])).toBe('settings.json:2:8');
  });
});
