/* Folders that the settings name are compared as they are, although an expression for what lies
 * around would take their names for something else. */
import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import { protectedNames } from '../../../../src/policy/protected-names.ts';
import { allows } from '../../../support/seatbelt/evaluate.ts';
import { builtIn, rule } from '../../rules.ts';
import type { Given } from './mac.ts';
import { ALL, HOME, PROJECT, patterns, profileFor, READ, rightsAt } from './rights.ts';

const names = { protectedNames: protectedNames([], []), homes: [HOME] };

test.each<[string, PathRule[], Given, Record<string, string>]>([
  [
    'a folder of allowWrite that is none of a protected name',
    [rule('allowWrite', PROJECT), rule('allowWrite', `${PROJECT}/.git/hoo\u00e9\u00e9`)],
    names,
    {
      '.git/hoo\u00e9\u00e9/a': ALL,
      '.git/hoo\u00e9\u00e9/.vscode': READ,
      '.git/hoo\u00e8\u00e8/a': READ,
    },
  ],
  [
    'one that is, by a letter that folds to another, and has exceptions in it',
    [rule('allowWrite', `${PROJECT}/.git/hoo\u212as`)],
    names,
    { '.git/hoo\u212as/a': READ, '.git/hoo\u212as/a.sample': ALL },
  ],
  [
    'in the home folder',
    [
      rule('allowWrite', `${HOME}/.config/\u00e9h`),
      rule('allowWrite', `${HOME}/.config/fi\u017fh`),
    ],
    names,
    {
      [`${HOME}/.config/\u00e9h/a`]: ALL,
      [`${HOME}/.config/fi\u017fh/a`]: READ,
      [`${HOME}/.config/fi\u017fh/fish_history`]: ALL,
    },
  ],
  [
    'one with a letter in its name that cannot be seen',
    [rule('allowWrite', PROJECT), rule('allowWrite', `${PROJECT}/a\u200cb`)],
    {},
    { 'a\u200cb/c': ALL, 'a\u200cb/c\u200cd': READ, 'a\u200cc/d': READ },
  ],
  [
    'what is shown in a folder that no pattern hides',
    [rule('allowRead', '/srv/\u00e9a/shown'), rule('denyRead', '/srv/\u00e9a/shown/not')],
    { patterns: patterns('denyRead', '/srv', 'k*') },
    {
      '/srv/\u00e9a/shown/x': READ,
      '/srv/\u00e9a/shown/not/x': '',
      '/srv/\u00e9a/other': '',
      '/srv/ka': '',
    },
  ],
  [
    'what a pattern shows in a hidden folder',
    [rule('denyRead', '/srv/\u00e9'), rule('denyRead', '/srv/ab')],
    { patterns: patterns('allowRead', '/srv', '?/*.pub') },
    { '/srv/\u00e9/a.pub': READ, '/srv/\u00e9/a': '', '/srv/ab/a.pub': '' },
  ],
  [
    'a hidden folder that a pattern shows',
    [builtIn('denyRead', '/srv/\u00e9'), rule('denyRead', '/srv/\u00e9/a')],
    { patterns: patterns('allowRead', '/srv', '?') },
    { '/srv/\u00e9': READ, '/srv/\u00e9/b': READ, '/srv/\u00e9/a': '' },
  ],
])('%s', (_what, rules, given, expected) => {
  expect(rightsAt(profileFor(rules, given), expected)).toEqual(expected);
});

test.each<[string, PathRule[], PathPattern[], Record<string, boolean>]>([
  [
    'folders that lead there can be looked up, and no others that an expression may mean',
    [rule('denyRead', '/srv')],
    patterns('allowRead', '/srv', 'k/?/*.pub'),
    {
      '/srv': true,
      '/srv/k': true,
      '/srv/k/a': true,
      '/srv/\u00e9': false,
      '/srv/k/\u00e9': false,
    },
  ],
  [
    'nor those that lead to a hidden one in which a pattern shows something',
    [rule('denyRead', '/srv'), rule('denyRead', '/srv/\u00e9/a')],
    patterns('allowRead', '/srv', '?/a/*.pub'),
    { '/srv/\u00e9': true, '/srv/\u00e9/a': true, '/srv/\u00e8': false, '/srv/\u00e9/b': false },
  ],
])('%s', (_what, rules, some, expected) => {
  const profile = profileFor(rules, { patterns: some });
  const operation = 'file-read-metadata';
  const may = (path: string, vnodeType: string) => allows(profile, { operation, path, vnodeType });
  const found = Object.keys(expected).map((path) => [path, may(path, 'DIRECTORY')]);
  expect(Object.fromEntries(found)).toEqual(expected);
  for (const path of Object.keys(expected).slice(1)) expect(may(path, 'REGULAR-FILE')).toBe(false);
});
