import { loadText } from '../../../src/settings/load.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { refusal } from '../rules.ts';

const CONTEXT = { home: '/home/me', cwd: '/home/me/project', protect: [] };

const opened = (network: Settings['network'] & object) =>
  toPolicy(loadText(JSON.stringify({ network }), 's.json'), CONTEXT).unixSockets ?? [];

test.each([
  ['/run/docker.sock', '/run/docker.sock'],
  ['~/.example/socket', '/home/me/.example/socket'],
  ['socket', '/home/me/project/socket'],
  ['../other/./socket/', '/home/me/other/socket'],
  ['/', '/'],
])('%s is %s', (typed, path) => {
  const source = { setting: 'network.allowUnixSockets', typed, where: 's.json:1:33' };
  expect(opened({ allowUnixSockets: [typed] })).toEqual([{ path, source }]);
});

test('a name with a wildcard in it can be meant', () => {
  const [rule] = opened({ allowUnixSockets: [{ path: '/run/a[1]', literal: true }] });
  expect(rule?.path).toBe('/run/a[1]');
});

test.each([
  ['/run/*.sock', 'has a wildcard'],
  ['/run/**', 'has a wildcard'],
  ['~other/socket', 'names another user'],
  ['/run/a\0b', 'contains a NUL byte'],
])('%j is refused: it %s', (typed, problem) => {
  const error = refusal(() => opened({ allowUnixSockets: [typed] }));
  expect(error.code).toBe('SRT_SETTINGS_INVALID');
  expect(error.message).toContain(`s.json:1:33: the path ${JSON.stringify(typed)} ${problem}`);
});

test.each([
  [{}, []],
  [{ allowAllUnixSockets: false }, []],
  [{ allowAllUnixSockets: true }, ['/']],
  [{ allowAllUnixSockets: true, allowUnixSockets: ['/run/a'] }, ['/run/a', '/']],
])('%j opens %j', (network, paths) => {
  expect(opened(network).map(({ path }) => path)).toEqual(paths);
});
