import { loadText } from '../../../src/settings/load.ts';
import { cachePolicy, cacheStores } from '../../../src/settings/private-caches.ts';
import { refusal } from '../rules.ts';

const on = loadText('{ "filesystem": { "privateCaches": true } }', 's.json');
const off = loadText('{ "filesystem": { "privateCaches": false } }', 's.json');
const empty = loadText('{}', 's.json');
const home = '/home/me';

test.each([
  [on, null, 'run'],
  [on, 'files', { name: 'files' }],
  [off, 'files', 'none'],
  [empty, 'files', 'none'],
  [empty, null, 'none'],
])('%#: what a sandbox has', (loaded, name, own) => {
  expect(cachePolicy(loaded, { home, name }).own).toEqual(own);
});

test.each(['a', '0', 'a.b-c_d', 'files', 'a..b', 'x'.repeat(64)])('%s is a name', (name) => {
  expect(cachePolicy(on, { home, name }).own).toEqual({ name });
});

test.each([
  '',
  '.',
  '..',
  '.a',
  '-a',
  '_a',
  'a/b',
  '../a',
  'A',
  'é',
  'a b',
  'a\n',
  'a\0',
  'x'.repeat(65),
])('%j is no name, whatever the settings say', (name) => {
  for (const loaded of [on, off]) {
    const error = refusal(() => cachePolicy(loaded, { home, name }));
    expect(error.code).toBe('SRT_USAGE');
    expect(error.message).toBe(`${JSON.stringify(name)} is no name for a sandbox`);
  }
});

test.each([
  [undefined, '/home/me', ['.cache', 'srt']],
  ['', '/home/me', ['.cache', 'srt']],
  ['relative/cache', '/home/me', ['.cache', 'srt']],
  ['/data/cache', '/data', ['cache', 'srt']],
  ['/data/cache/', '/data', ['cache', 'srt']],
  ['/data//x/../cache', '/data', ['cache', 'srt']],
  ['/', '/', ['srt']],
])('XDG_CACHE_HOME %j', (XDG_CACHE_HOME, base, below) => {
  expect(cachePolicy(on, { home, environment: { XDG_CACHE_HOME } }).store).toEqual({ base, below });
});

test('the caches of runs that had another home are covered too', () => {
  expect(cacheStores({ home })).toEqual(['/home/me/.cache/srt']);
  const environment = { XDG_CACHE_HOME: '/data/cache' };
  expect(cacheStores({ home, otherHomes: ['/root'], environment })).toEqual([
    '/data/cache/srt',
    '/home/me/.cache/srt',
    '/root/.cache/srt',
  ]);
});
