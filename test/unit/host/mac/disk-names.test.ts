import { createDiskSpelling, type Names } from '../../../../src/host/mac/disk-names.ts';
import { createMacPathProbe } from '../../../../src/host/mac/paths.ts';
import type { PathFact } from '../../../../src/host/paths.ts';

/** A volume that takes every case and both forms of an accent for the name that it has. */
function volume(paths: readonly string[], { unlisted = [] as readonly string[] } = {}): Names {
  const fold = (path: string) => path.normalize('NFD').toLowerCase();
  const all = new Set(['/']);
  for (const path of paths) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
      all.add(path.slice(0, end));
  }
  const inFolder = (folder: string) =>
    [...all].filter(
      (path) => path !== '/' && fold(path.slice(0, path.lastIndexOf('/')) || '/') === fold(folder),
    );
  return {
    list: (folder) =>
      unlisted.includes(folder)
        ? null
        : inFolder(folder).map((path) => path.split('/').at(-1) ?? ''),
    identity: (path) => [...all].find((known) => fold(known) === fold(path)) ?? null,
  };
}

const DISK = volume(['/Users/me/.ssh/id', '/Users/me/R\u00e9sum\u00e9.txt', '/Users/me/Straße']);

test.each([
  ['/Users/me/.ssh/id', '/Users/me/.ssh/id'],
  ['/USERS/Me/.SSH/ID', '/Users/me/.ssh/id'],
  ['/users/me/re\u0301sume\u0301.TXT', '/Users/me/R\u00e9sum\u00e9.txt'],
  ['/', '/'],
  ['/nowhere/at/All', '/nowhere/at/All'],
])('%s is %s', (given, spelled) => {
  expect(createDiskSpelling(DISK)(given)).toBe(spelled);
});

test('a name that another object has in another case stays', () => {
  const names = volume([]);
  const sensitive: Names = {
    list: (folder) => (folder === '/' ? ['a', 'B'] : []),
    identity: (path) => path,
  };
  expect(createDiskSpelling(sensitive)('/A')).toBe('/A');
  expect(createDiskSpelling(sensitive)('/B')).toBe('/B');
  expect(createDiskSpelling(names)('/A')).toBe('/A');
});

test('what a folder does not list stays as it was given', () => {
  const names = volume(['/Users/me/.ssh/id'], { unlisted: ['/Users/me'] });
  expect(createDiskSpelling(names)('/USERS/ME/.SSH/ID')).toBe('/Users/me/.SSH/id');
});

test('folders are listed once', () => {
  const lists: string[] = [];
  const spell = createDiskSpelling({
    ...DISK,
    list: (folder) => {
      lists.push(folder);
      return DISK.list(folder);
    },
  });
  for (const path of ['/users/ME/.ssh', '/Users/me/.SSH/id', '/users/ME/.ssh']) spell(path);
  expect(lists).toEqual(['/', '/Users', '/Users/me', '/Users/me/.ssh']);
});

test.each<[PathFact, PathFact]>([
  [
    { kind: 'directory', real: '/users/me/.SSH', links: ['/users/ME/.SSH'] },
    { kind: 'directory', real: '/Users/me/.ssh', links: ['/Users/me/.ssh'] },
  ],
  [
    { kind: 'missing', real: '/users/ME/.Kube/Config', links: [] },
    { kind: 'missing', real: '/Users/me/.Kube/Config', links: [] },
  ],
  [
    { kind: 'missing', real: '/Nothing', links: [] },
    { kind: 'missing', real: '/Nothing', links: [] },
  ],
  [
    { kind: 'unreachable', errno: 'EACCES' },
    { kind: 'unreachable', errno: 'EACCES' },
  ],
])('the fact %j is %j', (found, spelled) => {
  expect(createMacPathProbe(() => found, DISK)('/given')).toEqual(spelled);
});
