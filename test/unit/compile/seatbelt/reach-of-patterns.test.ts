/* How far a pattern reaches beyond what it is about: cases in which a profile refused what the policy
 * allows, which random trees have found. */
import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import { builtIn, rule } from '../../rules.ts';
import { ALL, HOME, PASSAGE, patterns, profileFor, READ, rightsAt } from './rights.ts';

const everything = [rule('allowWrite', '/')];

test.each<[string, PathRule[], PathPattern[], Record<string, string>]>([
  [
    'what is carried along does not begin above the folder in which the pattern begins',
    everything,
    patterns('denyWrite', '/b', '**/*/a*'),
    {
      '/b/a': PASSAGE,
      '/b/x/a': READ,
      '/b/x/y/a': READ,
      '/b/x/b': PASSAGE,
      '/c/a': READ,
      '/c/b': PASSAGE,
      '/c': PASSAGE,
    },
  ],
  [
    'by several names, either',
    everything,
    patterns('denyWrite', '/.git', '**/*/?/a'),
    { '/.git/A/A': PASSAGE, '/.git/x/A/A': READ, '/x/A/A': READ },
  ],
  [
    'nor does it end there: the folder itself can be written, and stays where it is',
    everything,
    patterns('denyWrite', '/ab', '**/*'),
    { '/ab': 'rw', '/ab/x': READ, '/other': READ },
  ],
  [
    'nor above: a folder of that name with the folder in it',
    everything,
    patterns('denyWrite', '/x.key/b', '**/*.key'),
    { '/x.key/b/c': ALL, '/x.key/b/c.key': READ, '/x.key/c': READ },
  ],
  [
    'a folder that srt hides on its own is shown where a pattern means it, and not only what is above it',
    [builtIn('private', '/private/tmp')],
    patterns('allowRead', '/', '**/*'),
    { '/private/tmp': READ, '/private/tmp/x': READ, '/dev/disk0': '' },
  ],
  [
    'a folder above it shows nothing of it',
    [builtIn('private', '/private/tmp')],
    patterns('allowRead', '/', 'private'),
    { '/private': READ, '/private/tmp': '', '/private/tmp/x': '' },
  ],
  [
    'nor of a credential store, which the pattern itself shows',
    [builtIn('denyRead', `${HOME}/.ssh`), builtIn('denyRead', `${HOME}/.aws`)],
    [...patterns('allowRead', HOME, '.s*'), ...patterns('allowRead', '/', '*/me')],
    { [`${HOME}/.ssh`]: READ, [`${HOME}/.ssh/id`]: READ, [`${HOME}/.aws/config`]: '' },
  ],
  [
    'what the user denies at the same path stays denied, but for what the pattern means further down',
    [rule('denyRead', `${HOME}/vault`), builtIn('private', `${HOME}/vault`)],
    patterns('allowRead', HOME, '**/v*'),
    { [`${HOME}/vault`]: '', [`${HOME}/vault/a`]: '', [`${HOME}/vault/a/v`]: READ },
  ],
  [
    'what begins in /private counts the names of /tmp as those of /private/tmp',
    [builtIn('private', '/private/tmp'), rule('denyRead', '/private/x')],
    [...patterns('allowRead', '/private', '[!z]*/*'), ...patterns('denyRead', '/private', '*/s')],
    {
      '/private/tmp': '',
      '/private/tmp/a': READ,
      '/private/tmp/s': '',
      '/tmp': '',
      '/tmp/a': READ,
      '/tmp/s': '',
      '/private/x': '',
      '/private/x/a': READ,
    },
  ],
  [
    'and so does what begins above it',
    [rule('denyRead', '/etc/a')],
    [...patterns('denyRead', '/', 'p*/?mp/x'), ...patterns('denyRead', '/', '*/y')],
    {
      '/private/tmp/x': '',
      '/tmp/x': '',
      '/private/x': READ,
      '/private/y': '',
      '/private/tmp/y': READ,
      '/tmp/y': READ,
      '/usr/y': '',
    },
  ],
  [
    'up to /private itself, which is all of them',
    [rule('denyRead', '/private')],
    patterns('allowRead', '/', 'priv?te/*'),
    { '/private': '', '/private/a': READ, '/tmp': READ, '/tmp/a': READ, '/private/tmp/a': READ },
  ],
  [
    'what begins at / is about no name that /tmp has by itself',
    [rule('denyRead', '/private/tmp'), rule('denyRead', '/tools')],
    [...patterns('allowRead', '/', 't*/x'), ...patterns('denyRead', '/', '[tv]*/y')],
    {
      '/tools/x': READ,
      '/tmp/x': '',
      '/private/tmp/x': '',
      '/private/var/y': READ,
      '/var/y': READ,
    },
  ],
])('%s', (_what, rules, some, expected) => {
  expect(rightsAt(profileFor(rules, { patterns: some }), expected)).toEqual(expected);
});
