import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { handedOverNames, LEFT_OPEN } from '../../../src/policy/handed-over-names.ts';
import { PROTECTED_NAMES, protectedNames } from '../../../src/policy/protected-names.ts';

const names = PROTECTED_NAMES.map(({ name }) => name);

test('each name is there once, in words of lower case', () => {
  expect(names.length).toBeGreaterThan(40);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z]+[0-9]?(-[a-z]+)*$/.test(name))).toEqual([]);
});

test('those of any folder come before those of the home folder', () => {
  const places = PROTECTED_NAMES.map(({ within }) => within);
  expect(places.lastIndexOf('tree')).toBeLessThan(places.indexOf('home'));
});

/* A pattern that can match nothing would be a rule that its author takes for one. */
const badSegment = (segment: string) =>
  segment === '' || segment === '.' || segment === '..' || /[\\[\]{}\0]|\*\*./.test(segment);

/** Whether a segment of one pattern means all that the segment of another does. */
function covers(segment: string, other: string): boolean {
  const parts = segment.split('*').map((part) => part.replaceAll(/[.+?()]/g, '\\$&'));
  return segment === other || (segment !== '**' && new RegExp(`^${parts.join('.*')}$`).test(other));
}

describe.each([...PROTECTED_NAMES, ...LEFT_OPEN])('$name', ({
  paths,
  files = [],
  except = [],
  reason,
}) => {
  const patterns = [...paths, ...files, ...except];

  test('has relative patterns whose segments can be names', () => {
    expect(patterns.length).toBeGreaterThan(except.length);
    for (const pattern of patterns) {
      const segments = pattern.split('/');
      expect(segments.filter(badSegment)).toEqual([]);
      expect(segments[0]).not.toBe('**');
      expect(segments.at(-1)).not.toBe('**');
    }
  });

  test('has no pattern twice, in any case', () => {
    const folded = patterns.map((pattern) => pattern.toLowerCase());
    expect(new Set(folded).size).toBe(folded.length);
  });

  /* Everything there is would be read-only. */
  test('has no pattern that any name matches', () => {
    expect([...paths, ...files].filter((pattern) => /^[*?]+(\/[*?]+)*$/.test(pattern))).toEqual([]);
  });

  test('has no exception from what it does not mean', () => {
    const means = (path: string, exception: string) => {
      const names = exception.split('/');
      const segments = path.split('/');
      return names.some((_, from) =>
        segments.every((segment, at) => covers(segment, names[from + at] ?? '')),
      );
    };
    const idle = except.filter((one) => ![...paths, ...files].some((path) => means(path, one)));
    expect(idle).toEqual([]);
  });

  test('says why in one line that fits a table', () => {
    expect(reason).toMatch(/^[A-Za-z][^\n|]{15,110}[^\n|.]$/);
  });
});

test('by default all are in force that are not optional', () => {
  const optional = PROTECTED_NAMES.filter((entry) => entry.optional);
  expect(optional.map(({ name }) => name)).toEqual([
    'git-rebase',
    'gitmodules',
    'package-managers',
    'ci-workflows',
    'agent-instructions',
  ]);
  expect(protectedNames([], [])).toEqual(PROTECTED_NAMES.filter((entry) => !entry.optional));
});

test('off takes away, on adds, and neither changes another', () => {
  const inForce = protectedNames(['git-hooks', 'gitmodules'], ['ci-workflows', 'git-config']);
  const before = protectedNames([], []).map(({ name }) => name);
  const after = inForce.map(({ name }) => name);
  expect(before.filter((name) => !after.includes(name))).toEqual(['git-hooks']);
  expect(after.filter((name) => !before.includes(name))).toEqual(['ci-workflows']);
});

test('what is not in force is told, with what could not be', () => {
  const told = handedOverNames(protectedNames(['git-config'], ['ci-workflows']));
  const known = told.filter((entry) => PROTECTED_NAMES.includes(entry)).map(({ name }) => name);
  const others = ['git-rebase', 'gitmodules', 'package-managers', 'agent-instructions'];
  expect(known.sort()).toEqual(['git-config', ...others].sort());
  expect(told.filter((entry) => !PROTECTED_NAMES.includes(entry))).toEqual(LEFT_OPEN);
  const all = [...PROTECTED_NAMES, ...LEFT_OPEN].map(({ name }) => name);
  expect(new Set(all).size).toBe(all.length);
});

/* What the existing srt protects, at a depth that it searches. */
test.each([
  ['.gitconfig', 'dotfiles'],
  ['.bashrc', 'dotfiles'],
  ['.bash_profile', 'dotfiles'],
  ['.zshrc', 'dotfiles'],
  ['.zprofile', 'dotfiles'],
  ['.profile', 'dotfiles'],
  ['.ripgreprc', 'dotfiles'],
  ['.mcp.json', 'mcp'],
  ['.vscode', 'vscode'],
  ['.idea', 'jetbrains'],
  ['.claude/commands', 'claude'],
  ['.claude/agents', 'claude'],
  ['.git/hooks/*', 'git-hooks'],
  ['.git/config', 'git-config'],
])('%s is protected at any depth, by %s', (path, name) => {
  const having = protectedNames([], []).filter(
    (entry) => entry.within === 'tree' && entry.paths.includes(path),
  );
  expect(having.map((entry) => entry.name)).toEqual([name]);
});

test('the schema that is published for editors has them', () => {
  const root = join(__dirname, '..', '..', '..');
  const print =
    "import { publishedSchema } from './scripts/published-schema.mjs'; console.log(publishedSchema());";
  const words = ['--input-type=module', '-e', print];
  const schema = JSON.parse(execFileSync(process.execPath, words, { cwd: root, encoding: 'utf8' }));
  expect(schema.definitions.protectedName).toEqual({ enum: names });
  const { off, on } = schema.properties.filesystem.properties.protect.properties;
  expect([off.items, on.items]).toEqual(Array(2).fill({ $ref: '#/definitions/protectedName' }));
});
