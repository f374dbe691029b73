/* How far a pattern reaches beyond what it is about: cases in which a profile refused what the policy
 * allows, which random trees have found. */
import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import { builtIn, rule } from '../../rules.ts';
import { ALL, HOME, PASSAGE, PROJECT, patterns, profileFor, READ, rightsAt, TMP } from './rights.ts';

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
])('%s', (_what, rules, some, expected) => {
  expect(rightsAt(profileFor(rules, { patterns: some }), expected)).toEqual(expected);
});
