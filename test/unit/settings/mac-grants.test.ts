import { loadText } from '../../../src/settings/load.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { refusal } from '../rules.ts';

const CONTEXT = { home: '/Users/me', cwd: '/Users/me/project', protect: [] };

const granted = (settings: Settings) =>
  toPolicy(loadText(JSON.stringify(settings), 's.json'), CONTEXT).macos;

test.each<[Settings, string[]]>([
  [{}, []],
  [{ allowAppleEvents: true }, ['apple-events', 'launch-services']],
  [{ allowKeychain: true }, ['keychain']],
  [{ enableWeakerNetworkIsolation: true }, ['trust']],
  [{ network: { allowLocalBinding: true } }, ['local-binding']],
  [{ allowAppleEvents: false, allowKeychain: false, network: { allowLocalBinding: false } }, []],
  [{ allowKeychain: true, enableWeakerNetworkIsolation: true }, ['keychain', 'trust']],
])('%j opens %j', (settings, grants) => {
  expect(granted(settings)).toEqual({ grants, services: [] });
});

test.each([
  ['com.example.service', { name: 'com.example.service', prefix: false }],
  ['com.example.*', { name: 'com.example.', prefix: true }],
  ['com.example.a*', { name: 'com.example.a', prefix: true }],
  ['one', { name: 'one', prefix: false }],
])('the service %s', (typed, service) => {
  expect(granted({ network: { allowMachLookup: [typed] } })?.services).toEqual([service]);
});

test.each([
  ['*', /is not the name of a Mach service/],
  ['com.*', /too wide/],
  ['com*', /too wide/],
  ['..*', /too wide/],
  ['com.example.*.x', /is not the name/],
  ['com.example.**', /is not the name/],
  ['com.example service', /is not the name/],
  ['com.example") (allow default', /is not the name/],
  ['com.example\n', /is not the name/],
])('%j is no service', (typed, problem) => {
  const error = refusal(() => granted({ network: { allowMachLookup: ['com.example.a', typed] } }));
  expect(error.code).toBe('SRT_SETTINGS_INVALID');
  expect(error.message).toMatch(/^s\.json:1:\d+: /);
  expect(error.message).toMatch(problem);
});

test.each([
  '{ "allowKeychain": "yes" }',
  '{ "network": { "allowLocalBinding": 1 } }',
  '{ "network": { "allowMachLookup": "com.example.a" } }',
])('%s is refused', (text) => {
  expect(refusal(() => loadText(text, 's.json')).code).toBe('SRT_SETTINGS_INVALID');
});
