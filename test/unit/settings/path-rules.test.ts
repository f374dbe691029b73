import { pathRules } from '../../../src/settings/path-rules.ts';
import type { LoadedSettings, PathEntry } from '../../../src/settings/settings.ts';
import { refusal } from '../rules.ts';

function read(entry: PathEntry) {
  const loaded = {
    file: 'settings.json',
    settings: { filesystem: { denyWrite: [entry] } },
    locate: () => 'settings.json:1:1',
  } as unknown as LoadedSettings;
  return pathRules(loaded, { home: '/home/u', cwd: '/w' }).map((made) =>
    'path' in made ? made.path : [made.base, made.rest.map(({ type }) => type).join(' ')],
  );
}

test.each<[PathEntry, unknown[]]>([
  ['a/b', ['/w/a/b']],
  ['a/**', ['/w/a']],
  ['**', ['/w']],
  ['*.key', [['/w', 'pattern']]],
  ['~/a/**/b', [['/home/u/a', 'deep name']]],
  ['/x/../a/*', [['/a', 'pattern']]],
  ['../*', [['/', 'pattern']]],
  ['{a,b}/c', ['/w/a/c', '/w/b/c']],
  ['{a,*}', ['/w/a', ['/w', 'pattern']]],
  ['\\[x\\]/*', [['/w/[x]', 'pattern']]],
  [{ path: 'pages/[id]', literal: true }, ['/w/pages/[id]']],
])('%j', (entry, made) => {
  expect(read(entry)).toEqual(made);
});

test.each([
  ['!*.key', 'begins with !'],
  ['~u/*', 'names another user by ~'],
  ['*/../a', 'leads upwards behind a wildcard'],
  ['[id', 'has a [ that begins no set'],
])('%s %s', (entry, problem) => {
  const error = refusal(() => read(entry));
  expect(error.code).toBe('SRT_SETTINGS_INVALID');
  expect(error.message).toBe(`settings.json:1:1: the path ${JSON.stringify(entry)} ${problem}`);
});
