import { nameRules } from '../../../../src/compile/names/change-rules.ts';
import type { PathFact } from '../../../../src/host/paths.ts';
import { type Changed, decideChange } from '../../../../src/policy/change-decision.ts';
import { parseGlob } from '../../../../src/policy/glob.ts';
import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import { builtIn, refusal, rule } from '../../rules.ts';

const directory = (real: string, ...links: string[]): PathFact => ({
  kind: 'directory',
  real,
  links,
});

function pattern(list: PathPattern['list'], base: string, text: string): PathPattern {
  const parsed = parseGlob(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return { list, base, rest: parsed[0] ?? [], source: rule(list, `${base}/${text}`).source };
}

interface Given {
  rules?: readonly PathRule[];
  nameless?: readonly PathRule[];
  patterns?: readonly PathPattern[];
  facts?: Readonly<Record<string, PathFact>>;
  ignoredCase?: readonly string[];
}

const VSCODE = {
  name: 'vscode',
  within: 'tree',
  paths: ['.vscode'],
  reason: 'an editor runs it',
} as const;

function named({ rules = [], nameless = [], patterns = [], facts = {}, ignoredCase = [] }: Given) {
  const bases = patterns.map(({ base }): [string, PathFact] => [base, directory(base)]);
  return nameRules({
    rules,
    nameless,
    patterns,
    protectedNames: [VSCODE],
    homes: [],
    ownFolder: null,
    facts: new Map([...bases, ...Object.entries(facts)]),
    ignoredCase: new Set(ignoredCase),
  });
}

const TEXTS = pattern('allowWrite', '/w/src', '*.txt');

type Row = readonly [what: string, given: Given, path: string, changed: Changed, said: string];

const ROWS: readonly Row[] = [
  ['a root', { rules: [rule('allowWrite', '/w')] }, '/w/x', 'file', 'ok'],
  ['what a root protects', { rules: [rule('allowWrite', '/w')] }, '/w/.vscode', 'folder', 'EACCES'],
  [
    'a root that is named inside of one',
    { rules: [rule('allowWrite', '/w'), rule('allowWrite', '/w/.vscode/x')] },
    '/w/.vscode/x/y',
    'file',
    'ok',
  ],
  [
    'a folder that is readable inside of one that is not: no root, but not covered either',
    {
      rules: [
        rule('allowWrite', '/w'),
        rule('denyRead', '/w/.vscode'),
        rule('allowRead', '/w/.vscode/x'),
      ],
    },
    '/w/.vscode/x/y',
    'file',
    'EACCES',
  ],
  [
    'the same where no name is protected',
    { rules: [rule('allowWrite', '/w'), rule('denyRead', '/w/a'), rule('allowRead', '/w/a/b')] },
    '/w/a/b/c',
    'file',
    'ok',
  ],
  [
    'what such a folder is in',
    { rules: [rule('allowWrite', '/w'), rule('denyRead', '/w/a'), rule('allowRead', '/w/a/b')] },
    '/w/a/c',
    'file',
    'EACCES',
  ],
  [
    'what is protected in such a folder, where the root itself is not readable',
    { rules: [rule('allowWrite', '/w'), rule('denyRead', '/w'), rule('allowRead', '/w/a')] },
    '/w/a/.vscode',
    'folder',
    'EACCES',
  ],
  ['what fits a pattern', { patterns: [TEXTS] }, '/w/src/a.txt', 'file', 'ok'],
  ['what does not', { patterns: [TEXTS] }, '/w/src/a.c', 'file', 'EROFS'],
  [
    'what does not, in a folder that allowRead names too',
    { rules: [rule('allowRead', '/w/src')], patterns: [TEXTS] },
    '/w/src/a.c',
    'file',
    'EROFS',
  ],
  [
    'what does not, in a working directory below the private /tmp',
    {
      rules: [builtIn('private', '/tmp'), builtIn('allowRead', '/tmp/w')],
      patterns: [pattern('allowWrite', '/tmp/w', '*.txt')],
    },
    '/tmp/w/a.c',
    'file',
    'EROFS',
  ],
  [
    'what is below a path that is missing and denied',
    { rules: [rule('allowWrite', '/w')], nameless: [rule('denyWrite', '/w/new')] },
    '/w/new/x',
    'file',
    'EROFS',
  ],
  [
    'a link that a pattern begins behind',
    {
      rules: [rule('allowWrite', '/w')],
      patterns: [pattern('denyWrite', '/w/link', '*.key')],
      facts: { '/w/link': directory('/w/real', '/w/link') },
    },
    '/w/link',
    'file',
    'EROFS',
  ],
];

test.each(ROWS)('%s', (_what, given, path, changed, said) => {
  const decision = decideChange(named(given).changes, path, changed);
  expect(decision.allowed ? 'ok' : decision.errno).toBe(said);
});

test('mounts are told of the folder that a pattern opens, where it is not open', () => {
  const roots = (rules: readonly PathRule[]) =>
    named({ rules, patterns: [TEXTS] }).opened.map(({ list, path }) => [list, path]);
  expect(roots([])).toEqual([['allowWrite', '/w/src']]);
  expect(roots([rule('allowWrite', '/w')])).toEqual([]);
});

test('a pattern of allowWrite does not open what denyRead covers', () => {
  const error = refusal(() => named({ rules: [rule('denyRead', '/w')], patterns: [TEXTS] }));
  expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  expect(error.message).toContain('"/w/src/*.txt"');
});

test('a pattern of allowWrite that begins in no folder is said to open nothing', () => {
  const facts = { '/w/src': { kind: 'missing', real: '/w/src', links: [] } } as const;
  const { opened, notices, changes } = named({ patterns: [TEXTS], facts });
  expect({ opened, patterns: changes.patterns }).toEqual({ opened: [], patterns: [] });
  expect(notices).toEqual([expect.stringContaining('begins in no folder')]);
});

test('a pattern of denyWrite behind what cannot be reached, where it could be opened, is refused', () => {
  const facts = { '/w/src': { kind: 'unreachable', errno: 'EACCES' } } as const;
  const patterns = [pattern('denyWrite', '/w/src', '*.txt')];
  const error = refusal(() => named({ rules: [rule('allowWrite', '/w')], patterns, facts }));
  expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  expect(named({ patterns, facts }).changes.patterns).toEqual([]);
});

test('a pattern of allowWrite does not begin behind a link that the command could replace', () => {
  const facts = { '/w/src': directory('/other', '/w/src') };
  const error = refusal(() =>
    named({ rules: [rule('allowWrite', '/w')], patterns: [TEXTS], facts }),
  );
  expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  expect(error.message).toContain('leads through the symbolic link "/w/src"');
  expect(named({ patterns: [TEXTS], facts }).opened.map(({ path }) => path)).toEqual(['/other']);
});

describe('letters beyond ASCII where case is ignored', () => {
  const root = rule('allowWrite', '/w');
  const denied = (text: string): Given => ({
    rules: [root],
    patterns: [pattern('denyWrite', '/w', text)],
  });

  test.each([
    ['a pattern', denied('**/\u00c4*')],
    ['one with an accent of its own', denied('**/a\u0308*')],
    ['a set', denied('[a-\u00fc]*')],
    ['a path', { rules: [root, rule('denyWrite', '/w/caf\u00e9')] }],
  ])('%s that denies by one is refused', (_what, given) => {
    expect(() => named(given)).not.toThrow();
    const error = refusal(() => named({ ...given, ignoredCase: ['/w'] }));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain('letters beyond ASCII');
  });

  test.each([
    ['no letter', denied('**/\u{1f600}*')],
    ['no case', denied('**/\u79d8\u5bc6*')],
    ['letters of ASCII in another character', denied('**/\ufb01\u00df*')],
    ['a set that leaves it out', denied('[!\u00e4]*')],
    ['a pattern that allows', { patterns: [pattern('allowWrite', '/w', '\u00c4*')] }],
  ])('%s is no reason', (_what, given) => {
    expect(named({ ...given, ignoredCase: ['/w'] }).changes.patterns).toHaveLength(1);
  });
});
