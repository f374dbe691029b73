import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import { PROTECTED_NAMES, protectedNames } from '../../../../src/policy/protected-names.ts';
import { allows, readProfile } from '../../../support/seatbelt/evaluate.ts';
import { FUZZ_FACTOR, pick, seeded } from '../../../support/seeded.ts';
import { refusal, rule } from '../../rules.ts';
import { compileFor, folder, type Given, missing } from './mac.ts';
import {
  ALL,
  HOME,
  PASSAGE,
  PROJECT,
  patterns,
  profileFor,
  READ,
  rights,
  rightsAt,
  TMP,
} from './rights.ts';

const write = [rule('allowWrite', PROJECT)];
const names = { protectedNames: protectedNames([], []), homes: [HOME] };

describe('names', () => {
  test.each<[string, PathRule[], Given, Record<string, string>]>([
    [
      'in a project, at any depth',
      write,
      names,
      {
        'src/main.ts': ALL,
        '.mcp.json': READ,
        'packages/a/.MCP.json': READ,
        '.vscode': READ,
        '.vscode/tasks.json': READ,
        'a/.vscode-test': ALL,
        '.git': PASSAGE.replace(/[wfF]/g, ''),
        '.git/hooks': READ,
        '.git/hooks/pre-commit': READ,
        '.git/hooks/pre-commit.sample': ALL,
        '.git/hooks/pre-commit.sample/.vscode': READ,
        '.git/hooks/pre-commit.\u00e9ample': READ,
        '.git/hooks/pre-commit.\u017fample': READ,
        '.git/hooks/pre-commit.sample/.git/hooks/pre-push': READ,
        '.git/hooks/pre-commit.sample/hooks/pre-push': ALL,
        '.git/config': READ,
        '.git/config.lock': ALL,
        '.git/objects/ab': ALL,
        '.git/modules/a/b': PASSAGE,
        '.git/index': ALL,
        '.github': PASSAGE,
        '.github/workflows': ALL,
        '.opencode/plans/a': ALL,
        '.opencode/plans/.mcp.json': READ,
        '.opencode/agent/a': READ,
        'node_modules/a/.vscode/tasks.json': READ,
        '.config': PASSAGE,
      },
    ],
    [
      'in the temporary folder of the run too, from where they could be moved',
      [],
      names,
      { [`${TMP}/.mcp.json`]: READ, [`${TMP}/x`]: ALL, [`${TMP}/.git`]: READ },
    ],
    [
      'that are off',
      write,
      { protectedNames: protectedNames(['vscode'], []), homes: [HOME] },
      { '.vscode/tasks.json': ALL, '.idea/a': READ },
    ],
    [
      'of git, when all of them are off',
      write,
      {
        protectedNames: protectedNames(
          ['git-hooks', 'git-config', 'git-pointer', 'git-attributes', 'git-submodules'],
          [],
        ),
        homes: [HOME],
      },
      { '.git': ALL, '.git/hooks': ALL, '.git/config': ALL, 'a/.git/modules/b': ALL },
    ],
    [
      'that are on',
      write,
      { protectedNames: protectedNames([], ['agent-instructions']), homes: [HOME] },
      { 'AGENTS.md': READ, 'a/claude.md': READ },
    ],
    ['none', write, {}, { '.vscode/tasks.json': ALL, '.git': ALL }],
    [
      'of the home folder',
      [rule('allowWrite', HOME)],
      names,
      {
        [`${HOME}/.zshrc`]: READ,
        [`${HOME}/.local`]: PASSAGE,
        [`${HOME}/.local/bin/x`]: READ,
        [`${PROJECT}/.local/bin/x`]: ALL,
        [`${HOME}/Library/Application Support/Code/User/settings.json`]: READ,
        [`${HOME}/Library/Application Support/Code`]: PASSAGE,
      },
    ],
    [
      'around a folder that allowWrite names',
      [...write, rule('allowWrite', `${PROJECT}/.vscode/snippets`)],
      names,
      {
        '.vscode': READ,
        '.vscode/tasks.json': READ,
        '.vscode/snippets': 'rw',
        '.vscode/snippets/a': ALL,
        '.vscode/snippets/.vscode': READ,
        'b/.vscode/snippets': READ,
      },
    ],
    [
      'above a folder of allowWrite',
      [rule('allowWrite', `${HOME}/.claude/agents/x`)],
      names,
      {
        [`${HOME}/.claude/agents/x/a`]: ALL,
        [`${HOME}/.claude/agents/x/.claude/agents`]: READ,
        [`${HOME}/.claude/agents/y`]: READ,
      },
    ],
    [
      'with letters that fold to those of ASCII, or cannot be seen',
      write,
      names,
      {
        '.git/hoo\u212as/a': READ,
        '.v\u017fcode': READ,
        '.git/con\ufb01g': READ,
        '.git/con\ufb01g/x': READ,
        'Docker\ufb01le': ALL,
        '.cursor/Docker\ufb01LE': READ,
        '.mcp\u200c.json': READ,
        '.vs\u200ccode/tasks.json': READ,
        '\ufeffa/b': READ,
        '\u2764\ufe0f.txt': ALL,
        'na\u00efve.txt': ALL,
      },
    ],
  ])('%s', (_what, rules, given, expected) => {
    expect(rightsAt(profileFor(rules, given), expected)).toEqual(expected);
  });

  test('all of them can be written, and each keeps what it says', () => {
    const all = PROTECTED_NAMES.filter(({ within }) => within === 'tree');
    const profile = profileFor(write, { protectedNames: all, homes: [HOME] });
    for (const { paths } of all)
      for (const path of paths) {
        const name = path.replaceAll('**/', 'x/y/').replaceAll('*', 'x').replaceAll('?', 'x');
        expect([path, rights(profile, `${PROJECT}/a/${name}`)]).toEqual([path, READ]);
        expect([path, rights(profile, `${PROJECT}/a/${name.toUpperCase()}/b`)]).toEqual([
          path,
          READ,
        ]);
      }
  });
});

describe('patterns', () => {
  test.each<[string, PathRule[], PathPattern[], Record<string, string>]>([
    [
      'denyWrite at any depth counts wherever it can be moved to',
      write,
      patterns('denyWrite', PROJECT, '**/*.key'),
      {
        'a.key': READ,
        'a/b/C.KEY': READ,
        'a/b.key/c': READ,
        'a.keys': ALL,
        [`${TMP}/a.key`]: READ,
        [`${HOME}/a.key`]: READ,
      },
    ],
    [
      'denyWrite at one depth keeps the folders that lead there',
      write,
      patterns('denyWrite', `${PROJECT}/src`, '*/generated'),
      {
        src: 'rw',
        'src/a': PASSAGE,
        'src/a/generated': READ,
        'src/a/b': ALL,
        'src/a/b/generated': ALL,
        [`${TMP}/a/generated`]: ALL,
      },
    ],
    [
      'allowWrite opens what fits, and no link in its way',
      [],
      patterns('allowWrite', PROJECT, '{docs/**/*.md,out/[a-c]?}'),
      {
        'docs/a.md': ALL,
        'docs/a/b.MD': ALL,
        'docs/a.md/b': ALL,
        'docs/a.txt': READ,
        'out/a1': ALL,
        'out/a12': READ,
        'out/d1': READ,
        'out/a\u00e9': READ,
        other: READ,
      },
    ],
    [
      'a denyWrite beats an allowWrite',
      [...write, rule('allowWrite', `${PROJECT}/a.key/b`)],
      patterns('denyWrite', PROJECT, '*.key'),
      { 'a.key/b/c': READ, 'b/a.key': ALL },
    ],
    [
      'denyRead of what there is and what will be',
      write,
      patterns('denyRead', PROJECT, '**/.env*'),
      { '.env': '', 'a/.ENV.local': '', 'a/env': ALL, [`${TMP}/.env`]: '', '/etc/.env': READ },
    ],
    [
      'allowRead opens again',
      [rule('denyRead', `${HOME}/vault`), rule('denyRead', `${HOME}/vault/a/b`)],
      patterns('allowRead', `${HOME}/vault`, '**/*.pub'),
      {
        [`${HOME}/vault/x.pub`]: READ,
        [`${HOME}/vault/x.pub/y`]: READ,
        [`${HOME}/vault/x`]: '',
        [`${HOME}/vault/a/b/x.pub`]: READ,
        [`${HOME}/vault/a/b`]: '',
      },
    ],
    [
      'a denyRead that lies deeper than what allowRead shows',
      [rule('denyRead', `${HOME}/vault`), rule('denyRead', `${HOME}/vault/shown/not`)],
      patterns('allowRead', HOME, 'vault/s*'),
      { [`${HOME}/vault/shown/a`]: READ, [`${HOME}/vault/shown/not/a`]: '' },
    ],
    [
      'an allowRead that lies deeper than what denyRead hides',
      [rule('allowRead', '/srv/a/secret/shown'), rule('denyRead', '/srv/a/secret/shown/not')],
      patterns('denyRead', '/srv', '**/secret'),
      {
        '/srv/a/secret/x': '',
        '/srv/a/secret/shown/x': READ,
        '/srv/a/secret/shown/not/x': '',
        '/srv/a/secret/shown/secret/x': '',
      },
    ],
    [
      'allowRead of everything shows no device',
      [rule('denyRead', '/srv')],
      patterns('allowRead', '/', '**/t*'),
      { '/srv/a/tty1': READ, '/dev/ttys009': '' },
    ],
    [
      'of two patterns the deny',
      [],
      [
        ...patterns('denyRead', '/srv', '**/keys'),
        ...patterns('allowRead', '/srv', '**/keys/*.pub'),
      ],
      { '/srv/keys/a.pub': '', '/srv/a.pub': READ },
    ],
  ])('%s', (_what, rules, some, expected) => {
    expect(rightsAt(profileFor(rules, { patterns: some }), expected)).toEqual(expected);
  });

  test('folders that lead to what allowRead shows can be looked up', () => {
    const some = patterns('allowRead', `${HOME}/vault`, 'a*/**/*.pub');
    const profile = profileFor([rule('denyRead', `${HOME}/vault`)], { patterns: some });
    const may = (path: string, vnodeType: string) =>
      allows(profile, { operation: 'file-read-metadata', path: `${HOME}/vault${path}`, vnodeType });
    expect(['', '/ab', '/ab/c', '/b'].map((path) => may(path, 'DIRECTORY'))).toEqual([
      ...[true, true, true, false],
    ]);
    expect(may('/ab/c', 'REGULAR-FILE')).toBe(false);
  });
});

describe('a pattern that cannot be kept', () => {
  const long = 'a'.repeat(300);
  test.each<[string, PathPattern[], Given, string]>([
    ['too long to deny', patterns('denyWrite', PROJECT, `*${long}`), {}, 'is too long'],
    ['too long to hide', patterns('denyRead', PROJECT, `**/*${long}`), {}, 'is too long'],
    ['too long to allow', patterns('allowWrite', HOME, `*${long}`), {}, 'is too long'],
    ['a backslash to allow', patterns('allowWrite', HOME, '*\\\\x'), {}, 'has a character in it'],
    ['devices', patterns('allowRead', '/dev', 'tty*'), {}, 'would show devices'],
    ['half a character', patterns('allowRead', HOME, '*\ud800'), {}, 'has a character in it'],
    [
      'through a link that could be replaced',
      patterns('denyRead', `${PROJECT}/l`, '*'),
      { paths: { [`${PROJECT}/l`]: missing('/opt/x', `${PROJECT}/l`) } },
      'symbolic link',
    ],
    [
      'where a folder cannot be reached',
      patterns('denyWrite', `${PROJECT}/l`, '*'),
      { paths: { [`${PROJECT}/l`]: { kind: 'unreachable', errno: 'EACCES' } } },
      'cannot be reached',
    ],
  ])('%s is refused by its name', (_what, some, given, expected) => {
    const error = refusal(() => compileFor(write, { ...given, patterns: some }));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    const [
      {
        list = '',
        source: { typed = '' },
      } = { source: {} },
    ] = some as [PathPattern];
    expect(error.message).toContain(
      `filesystem.${list} ${JSON.stringify(typed)} (settings.json:1:1)`,
    );
    expect(error.message).toContain(expected);
  });

  test('one that is as long as a path may be is kept', () => {
    const some = patterns('denyWrite', PROJECT, `*${'b'.repeat(230)}`);
    expect(rights(profileFor(write, { patterns: some }), `${PROJECT}/${'B'.repeat(230)}`)).toBe(
      READ,
    );
  });
});

const NASTY = [
  ...['"', '\\', '\n', '\r', '\u2028', '(', ')', '))', ';', '#"', '|', '^', '$', '+', '.', "'"],
  ...[
    '"))(allow default)',
    '") ; ',
    '\u0001',
    '\u00e9',
    'e\u0301',
    '\u{1f600}',
    'a',
    'K',
    's',
    '-',
  ],
];

test('patterns about nasty names deny these, and those beside them as little as they must', () => {
  let free = 0;
  for (let seed = 0; seed < 300 * FUZZ_FACTOR; seed++) {
    const random = seeded(seed);
    const text = () => Array.from({ length: 1 + random(4) }, () => pick(random, NASTY)).join('');
    const [begin, end] = [text(), text()];
    const literal = (name: string) => name.replaceAll(/[*?[\]{}\\]/g, '\\$&');
    const base = `${PROJECT}/${text().replaceAll(/^\.+$/g, 'x')}`;
    const some = patterns('denyRead', base, `**/${literal(begin)}*${literal(end)}`);
    const profile = profileFor(write, { patterns: some });
    for (const middle of ['', 'x', text()])
      for (const spelled of [begin + middle + end, (begin + middle + end).toUpperCase()]) {
        const path = `${base}/a/${spelled}`;
        if (rights(profile, path) !== '') throw new Error(JSON.stringify({ seed, path }));
      }
    if (rights(profile, `${base}/a/plain.txt`) === ALL) free++;
  }
  expect(free).toBe(300 * FUZZ_FACTOR);
});

test('ten thousand entries of every kind are compiled in seconds on a busy machine, and hold', () => {
  const rules = Array.from({ length: 9_000 }, (_, at) => {
    const list = (['denyRead', 'allowRead', 'denyWrite', 'allowWrite'] as const)[at % 4];
    return rule(list ?? 'denyRead', `${PROJECT}/${at % 97}/${at % 31}/${at}`);
  });
  const some = Array.from({ length: 1_000 }, (_, at) => {
    const list = (['denyRead', 'denyWrite', 'allowRead', 'denyWrite'] as const)[at % 4];
    return patterns(list ?? 'denyRead', `${PROJECT}/${at % 97}`, `**/*.x${at}`);
  }).flat();
  const start = performance.now();
  const { text } = compileFor([...write, ...rules], { patterns: some, ...names });
  expect(performance.now() - start).toBeLessThan(30_000);
  expect(text.length).toBeLessThan(8_000_000);
  const profile = readProfile(text);
  for (let at = 0; at < 1_000; at += 83) {
    const beneath = `${PROJECT}/${at % 97}/${at % 31}/${at}/x`;
    expect([beneath, rights(profile, beneath)]).toEqual([beneath, ['', ALL, READ, ALL][at % 4]]);
    const fitting = `${PROJECT}/${at % 97}/any/a.X${at}`;
    expect([fitting, rights(profile, fitting)]).toEqual([fitting, ['', READ, ALL, READ][at % 4]]);
    const beside = `${PROJECT}/${at % 97}/any/a.y${at}`;
    expect([beside, rights(profile, beside)]).toEqual([beside, ALL]);
  }
}, 60_000);

test('a path behind a link that only a pattern lets the command replace is refused', () => {
  const link = `${PROJECT}/link`;
  const behind = (list: PathRule['list'], text: string) =>
    compileFor([rule(list, `${link}/x`)], {
      paths: { [`${link}/x`]: folder('/Users/me/else/x', link), [PROJECT]: folder(PROJECT) },
      patterns: patterns('allowWrite', PROJECT, text),
    });
  expect(refusal(() => behind('allowWrite', 'l*')).message).toContain('could replace');
  expect(() => behind('allowWrite', 'm*')).not.toThrow();
  expect(refusal(() => behind('allowRead', '**')).message).toContain('could replace');
});
