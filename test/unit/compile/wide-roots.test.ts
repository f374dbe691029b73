import { warnOfWideRoots } from '../../../src/compile/wide-roots.ts';
import { builtIn, rule } from '../rules.ts';

const HOMES = ['/home/me', '/root'];

test.each([
  ['/home/me', 'the home folder'],
  ['/root', 'the home folder'],
  ['/home', 'the home folder'],
  ['/', 'the whole file system'],
])('a write root %s is told, as %s', (path, what) => {
  expect(warnOfWideRoots([rule('allowWrite', path)], HOMES)).toEqual([
    `filesystem.allowWrite "${path}" (settings.json:1:1) makes ${what} writable; name smaller folders`,
  ]);
});

test.each([
  ['a folder of the home folder', rule('allowWrite', '/home/me/project')],
  ['a home folder that begins alike', rule('allowWrite', '/home/m')],
  ['another user', rule('allowWrite', '/home/you')],
  ['what is not writable', rule('allowRead', '/home/me')],
  ['the private /tmp', builtIn('private', '/')],
])('%s is not', (_what, given) => {
  expect(warnOfWideRoots([given], HOMES)).toEqual([]);
});

test('each root is told once, however many homes it has', () => {
  expect(
    warnOfWideRoots([rule('allowWrite', '/'), rule('allowWrite', '/home')], HOMES),
  ).toHaveLength(2);
});
