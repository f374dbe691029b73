import type { ProtectedName } from '../../../src/policy/protected-name.ts';
import { PROTECTED_NAMES } from '../../../src/policy/protected-names.ts';
import { FOLDERS, protectedPaths } from '../../../src/policy/protected-paths.ts';
import { networkPolicy, rule } from '../rules.ts';

const NAME: ProtectedName = { name: 'n', within: 'tree', paths: [], reason: 'r' };

function paths(name: Partial<ProtectedName>, roots: readonly string[] = ['/work']) {
  const policy = {
    ...networkPolicy(),
    paths: roots.map((path) => rule('allowWrite', path)),
    homes: ['/home/me'],
    protectedNames: [{ ...NAME, ...name }],
  };
  return protectedPaths(policy).map(({ path, filesOnly, standIn: { kind, content } }) =>
    [path, kind, JSON.stringify(content), filesOnly ? 'files' : ''].join(' ').trim(),
  );
}

test.each<[string, Partial<ProtectedName>, string[]]>([
  ['a file', { paths: ['.envrc'] }, ['/work/.envrc file ""']],
  ['a file, as it is spelled', { paths: ['a/Nx.b'] }, ['/work/a/Nx.b file ""']],
  ['a folder, by its name', { paths: ['.vscode'] }, ['/work/.vscode folder ""']],
  ['JSON that can be read', { paths: ['.mcp.json'] }, ['/work/.mcp.json file "{}\\n"']],
  ['git in one folder', { paths: ['.git/commondir'] }, ['/work/.git/commondir file ".\\n"']],
  ['all of a folder', { paths: ['.git/hooks/*'] }, ['/work/.git/hooks folder ""']],
  ['a folder where no file may be', { files: ['.git'] }, ['/work/.git folder "" files']],
  ['nothing for an exception', { except: ['.git/hooks/a'] }, []],
  ['nothing for a wildcard', { paths: ['.bashrc.*', '*.ipr', 'a/*/b', 'a/**/b', '*'] }, []],
  ['the home folder alone', { within: 'home', paths: ['.profile'] }, ['/home/me/.profile file ""']],
])('what stands in is %s', (_, name, expected) => {
  expect(paths(name)).toEqual(expected);
});

test('every write root has them, the root folder too', () => {
  expect(paths({ paths: ['.envrc'] }, ['/', '/work'])).toEqual([
    '/.envrc file ""',
    '/work/.envrc file ""',
  ]);
  expect(paths({ paths: ['.envrc'] }, [])).toEqual([]);
});

test('every name that is taken for a folder is the end of one that is protected', () => {
  const all = PROTECTED_NAMES.flatMap((name) => name.paths);
  const ends = new Set(all.map((path) => path.split('/').at(-1)));
  expect([...FOLDERS].filter((name) => !ends.has(name))).toEqual([]);
});
