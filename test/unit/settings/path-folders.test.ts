import { foldedName } from '../../../src/policy/fold.ts';
import { protectedNames } from '../../../src/policy/protected-names.ts';
import { patternsOf } from '../../../src/policy/protected-patterns.ts';
import { startedNext, withPathFolders } from '../../../src/settings/path-folders.ts';

const NAMES = protectedNames([], []);

function added(path: string | undefined, cwd = '/home/me/project', names = NAMES) {
  const all = withPathFolders(names, { home: '/home/me', cwd, path });
  return all.slice(names.length).flatMap(({ paths }) => paths);
}

test('folders of PATH below the home folder are protected as programs are', () => {
  const path =
    '/usr/bin:/home/me/tools/bin:/home/me/tools/bin/:/opt/x:relative::/home/me:/home/you/bin';
  expect(added(path)).toEqual(['tools/bin']);
});

test('those of the project are the project, but not where the home folder is one', () => {
  const path = '/home/me/project/node_modules/.bin:/home/me/tools';
  expect(added(path)).toEqual(['tools']);
  expect(added(path, '/home/me')).toEqual(['project/node_modules/.bin', 'tools']);
  expect(added(path, '/')).toEqual(['project/node_modules/.bin', 'tools']);
});

test('no character of them means anything', () => {
  const [pattern] = withPathFolders(NAMES, {
    ...{ home: '/home/me', cwd: '/work' },
    path: '/home/me/a[b]*{c}?\\d',
  })
    .slice(NAMES.length)
    .flatMap(patternsOf);
  expect(pattern?.segments).toEqual([foldedName('a[b]*{c}?\\d')]);
});

test('nothing without PATH, and where programs are not protected', () => {
  expect(added(undefined)).toEqual([]);
  expect(added('/home/me/tools', '/work', protectedNames(['programs'], []))).toEqual([]);
});

test('what the next start of srt would find where the command may write', () => {
  const path =
    '/usr/bin:/w/node_modules/.bin/:relative::/w/node_modules/.bin:/linked/bin:/usr/local/bin';
  const found = ['/w/node_modules/.bin/srt', '/linked/bin/srt', '/linked/bin/node'];
  expect(startedNext(path, ['/w'])).toEqual(found);
  const local = ['/usr/local/bin/srt', '/usr/local/bin/node'];
  expect(startedNext(path, ['/usr/local'])).toEqual([...found, ...local]);
  expect(startedNext(path, [])).toEqual([]);
  expect(startedNext(undefined, ['/'])).toEqual([]);
});
