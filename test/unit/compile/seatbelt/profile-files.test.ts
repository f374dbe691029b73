import type { PathRule } from '../../../../src/policy/path-rules.ts';
import { allows, type Profile, READINGS, readProfile } from '../../../support/seatbelt/evaluate.ts';
import { builtIn, refusal, rule } from '../../rules.ts';
import { compileFor, file, folder, type Given, missing } from './mac.ts';

const HOME = '/Users/me';
const PROJECT = `${HOME}/project`;

function profileFor(rules: readonly PathRule[], given: Given = {}): Profile {
  return readProfile(compileFor(rules, given).text);
}

/** What of r(ead), w(rite), c(reate), u(nlink), m(etadata) and x (run) is allowed at a path. */
function rights(profile: Profile, path: string): string {
  const operations = {
    r: 'file-read-data',
    w: 'file-write-data',
    c: 'file-write-create',
    u: 'file-write-unlink',
    m: 'file-read-metadata',
    x: 'process-exec',
  };
  const [first, ...others] = READINGS.map((reading) =>
    Object.entries(operations)
      .filter(([, operation]) => allows(profile, { operation, path }, reading))
      .map(([letter]) => letter)
      .join(''),
  );
  for (const other of others) expect(other).toBe(first);
  return first ?? '';
}

const write = [rule('allowWrite', PROJECT)];
const home = [
  rule('denyRead', HOME),
  rule('allowRead', `${HOME}/bin`),
  rule('allowWrite', PROJECT),
];
const link = { paths: { '/Users/me/current': folder(PROJECT, '/Users/me/current') } };

describe('files', () => {
  test.each<[string, PathRule[], Given, Record<string, string>]>([
    ['without rules', [], {}, { '/': 'rmx', '/usr/bin/git': 'rmx', [`${HOME}/a`]: 'rmx' }],
    [
      'a write root stays where it is',
      write,
      {},
      { [PROJECT]: 'rwmx', [`${PROJECT}/a/b`]: 'rwcumx', [`${PROJECT}s`]: 'rmx', [HOME]: 'rmx' },
    ],
    [
      'a denied folder',
      [rule('denyRead', `${HOME}/.ssh`)],
      {},
      { [`${HOME}/.ssh`]: '', [`${HOME}/.ssh/id`]: '', [`${HOME}/.sshd`]: 'rmx', [HOME]: 'rmx' },
    ],
    [
      'folders on the way to what is re-opened can be looked up, not listed',
      home,
      { cwd: PROJECT },
      {
        '/Users': 'rmx',
        [HOME]: 'm',
        [`${HOME}/bin`]: 'rmx',
        [`${HOME}/bin/x`]: 'rmx',
        [`${HOME}/x`]: '',
        [PROJECT]: 'rwmx',
        [`${PROJECT}/x`]: 'rwcumx',
      },
    ],
    [
      'what is protected in a write root keeps the folders above it in place',
      [...write, rule('denyWrite', `${PROJECT}/.git/hooks`)],
      {},
      {
        [`${PROJECT}/.git/hooks/pre-commit`]: 'rmx',
        [`${PROJECT}/.git/hooks`]: 'rmx',
        [`${PROJECT}/.git`]: 'rwmx',
        [`${PROJECT}/.git/config`]: 'rwcumx',
        [PROJECT]: 'rwmx',
      },
    ],
    [
      'a name that does not exist yet',
      [...write, rule('denyWrite', `${PROJECT}/.git/hooks`)],
      { paths: { [`${PROJECT}/.git/hooks`]: missing(`${PROJECT}/.git/hooks`) } },
      {
        [`${PROJECT}/.git`]: 'rwmx',
        [`${PROJECT}/.git/hooks`]: 'rmx',
        [`${PROJECT}/.GIT`]: 'rwumx',
        [`${PROJECT}/.gIt/hoo\u212as`]: 'rwumx',
        [`${PROJECT}/.git2`]: 'rwcumx',
        [`${PROJECT}/.git/HOO\u212a\u017f`]: 'rwumx',
        [`${PROJECT}/.git/hoops`]: 'rwcumx',
      },
    ],
    [
      'a name of which one character may stand for several letters',
      [
        ...write,
        rule('denyWrite', `${PROJECT}/.pro\ufb01le`),
        rule('denyRead', `${PROJECT}/a;sst`),
      ],
      {
        paths: {
          [`${PROJECT}/.pro\ufb01le`]: missing(`${PROJECT}/.pro\ufb01le`),
          [`${PROJECT}/a;sst`]: missing(`${PROJECT}/a;sst`),
        },
      },
      {
        [`${PROJECT}/.pro\ufb01le`]: 'rmx',
        [`${PROJECT}/.PROFILE`]: 'rwumx',
        [`${PROJECT}/.profil`]: 'rwcumx',
        [`${PROJECT}/a\u037eSST`]: 'rwumx',
        [`${PROJECT}/a;\u00dft`]: 'rwumx',
        [`${PROJECT}/a;s\ufb06`]: 'rwumx',
        [`${PROJECT}/a;st`]: 'rwcumx',
      },
    ],
    [
      'the same where case matters',
      [...write, rule('denyWrite', `${PROJECT}/.env`)],
      {
        paths: { [`${PROJECT}/.env`]: missing(`${PROJECT}/.env`) },
        caseInsensitive: false,
      },
      { [`${PROJECT}/.env`]: 'rmx', [`${PROJECT}/.ENV`]: 'rwcumx' },
    ],
    [
      'a name with accents, in whatever form they are written',
      [...write, rule('denyWrite', `${PROJECT}/r\u00e9sum\u00e9`)],
      { paths: { [`${PROJECT}/r\u00e9sum\u00e9`]: missing(`${PROJECT}/r\u00e9sum\u00e9`) } },
      {
        [`${PROJECT}/r\u00e9sum\u00e9`]: 'rmx',
        [`${PROJECT}/Re\u0301sume\u0301`]: 'rwumx',
        [`${PROJECT}/other`]: 'rwcumx',
        [`${PROJECT}/resume`]: 'rwcumx',
      },
    ],
    [
      'a name in another script',
      [...write, rule('denyWrite', `${PROJECT}/\u79d8\u5bc6`)],
      { paths: { [`${PROJECT}/\u79d8\u5bc6`]: missing(`${PROJECT}/\u79d8\u5bc6`) } },
      { [`${PROJECT}/\u79d8\u5bc6`]: 'rmx', [`${PROJECT}/other`]: 'rwcumx' },
    ],
    [
      'a file that is denied',
      [...write, rule('denyRead', `${PROJECT}/.env`)],
      { paths: { [`${PROJECT}/.env`]: file(`${PROJECT}/.env`) } },
      { [`${PROJECT}/.env`]: '', [`${PROJECT}/.env/..namedfork/rsrc`]: '' },
    ],
    [
      'a file that may be written, but not replaced',
      [rule('allowWrite', `${HOME}/notes`)],
      { paths: { [`${HOME}/notes`]: file(`${HOME}/notes`) } },
      { [`${HOME}/notes`]: 'rwmx', [`${HOME}/notes2`]: 'rmx' },
    ],
    [
      'a link means what it leads to',
      [rule('allowWrite', `${HOME}/current`)],
      link,
      { [`${PROJECT}/a`]: 'rwcumx', [`${HOME}/current`]: 'rmx' },
    ],
    [
      '/tmp is hidden by both of its names, but for the folder of this run',
      [builtIn('private', '/tmp')],
      { paths: { '/tmp': folder('/private/tmp', '/tmp') }, temporary: '/private/tmp/srt-1' },
      {
        '/tmp': 'm',
        '/private/tmp': 'm',
        '/private': 'rmx',
        '/tmp/a': '',
        '/private/tmp/a': '',
        '/tmp/srt-1': 'rwmx',
        '/private/tmp/srt-1/a': 'rwcumx',
      },
    ],
    [
      'and the temporary files of the user',
      [],
      { userTemporary: '/var/folders/x/T', temporary: '/var/folders/x/T/srt-1' },
      {
        '/private/var/folders/x/T/a': '',
        '/private/var/folders/x/T/srt-1/a': 'rwcumx',
        '/private/var/folders/x/C/a': 'rmx',
      },
    ],
    [
      'a project below /tmp is shown alone',
      [builtIn('private', '/private/tmp')],
      { cwd: '/tmp/build' },
      { '/private/tmp/build/a': 'rmx', '/private/tmp/a': '', '/tmp/build/a': 'rmx' },
    ],
    [
      'everything denied: the loader still reads the root folder',
      [rule('denyRead', '/'), rule('allowRead', '/usr')],
      { cwd: '/usr' },
      { '/': 'rm', '/usr/lib/a': 'rmx', '/Users': '', '/dev': 'rm' },
    ],
    [
      'everything writable: not the devices',
      [rule('allowWrite', '/'), rule('denyRead', `${HOME}/.ssh`)],
      {},
      {
        '/a': 'rwcumx',
        '/dev/disk0': '',
        [HOME]: 'rwmx',
        '/Users': 'rwmx',
        [`${HOME}/a`]: 'rwcumx',
        [`${HOME}/.ssh/a`]: '',
      },
    ],
    [
      'what cannot be reached is denied by its name',
      [rule('denyRead', '/opt/secret/a')],
      { paths: { '/opt/secret/a': { kind: 'unreachable', errno: 'EACCES' } } },
      { '/opt/secret/a': '', '/opt/secret/a/b': '' },
    ],
    [
      'the second name of the writable volume in a rule',
      [rule('allowWrite', '/System/Volumes/Data/Users/me/project')],
      {},
      { [`${PROJECT}/a`]: 'rwcumx', [`/System/Volumes/Data${PROJECT}/a`]: '' },
    ],
  ])('%s', (_what, rules, given, expected) => {
    const profile = profileFor(rules, given);
    const found = Object.keys(expected).map((path) => [path, rights(profile, path)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});

describe('a rule that cannot be kept', () => {
  const unreachable = { kind: 'unreachable', errno: 'EACCES' } as const;
  test.each<[string, PathRule[], Given, string]>([
    ['a NUL', [rule('denyRead', '/a\0b')], {}, 'NUL'],
    ['half a character', [rule('denyRead', '/a\ud800')], {}, 'UTF-8'],
    ['bytes that Node could not read', [rule('denyRead', '/a\ufffd')], {}, 'UTF-8'],
    ['a long path', [rule('denyRead', `/${'a'.repeat(1024)}`)], {}, '1024 bytes'],
    ['long in bytes', [rule('denyRead', `/${'é'.repeat(512)}`)], {}, '1024 bytes'],
    ['a device to write', [rule('allowWrite', '/dev/disk0')], {}, 'devices'],
    ['the volume itself', [rule('denyWrite', '/System/Volumes/Data')], {}, 'second name'],
    [
      'unreachable in a write root',
      [...write, rule('denyRead', `${PROJECT}/a`)],
      { paths: { [`${PROJECT}/a`]: unreachable } },
      'cannot be reached',
    ],
    [
      'through a link that could be replaced',
      [...write, rule('denyRead', `${PROJECT}/l`)],
      { paths: { [`${PROJECT}/l`]: folder('/opt/x', `${PROJECT}/l`) } },
      'symbolic link',
    ],
    ['the working directory', [rule('denyRead', HOME)], { cwd: PROJECT }, 'working directory'],
    [
      'a long name in every case of its letters',
      [...write, rule('denyWrite', `${PROJECT}/${'s'.repeat(100)}`)],
      { paths: { [`${PROJECT}/${'s'.repeat(100)}`]: missing(`${PROJECT}/${'s'.repeat(100)}`) } },
      '1024 bytes',
    ],
  ])('%s', (_what, rules, given, expected) => {
    const error = refusal(() => compileFor(rules, given));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain(expected);
    expect(error.hint).toBeDefined();
  });
});

test('a write root that does not exist cannot be written, and is said', () => {
  const paths = { [PROJECT]: missing(PROJECT) };
  const { text, notices } = compileFor(write, { paths });
  expect(rights(readProfile(text), PROJECT)).toBe('rmx');
  expect(notices).toEqual([
    `filesystem.allowWrite "${PROJECT}" (settings.json:1:1) does not exist, so it cannot be written`,
  ]);
});
