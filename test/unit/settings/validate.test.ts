import { parseText } from '../../../src/settings/parse.ts';
import { validateSettings } from '../../../src/settings/validate.ts';
import { refusal } from '../rules.ts';

const validate = (text: string) => validateSettings(parseText(text, 's.json'));

describe('valid settings', () => {
  test.each([
    ['nothing set', {}],
    ['a schema for the editor', { $schema: './node_modules/srt-sandbox/settings.schema.json' }],
    ['empty groups', { network: {}, filesystem: {} }],
    ['empty lists', { network: { allowedDomains: [] }, filesystem: { denyRead: [] } }],
    ['a long domain', { network: { allowedDomains: ['a'.repeat(300)] } }],
    ['a long path', { filesystem: { denyRead: ['a'.repeat(4096)] } }],
    ['a literal path', { filesystem: { allowWrite: [{ path: 'a*b', literal: true }] } }],
    ['a host as an object', { network: { deniedDomains: [{ host: 'a', reason: 'b' }, 'c'] } }],
    ['variables', { env: { mode: 'clean', pass: ['A'], deny: ['@secrets'], set: { A: '' } } }],
    ['a path as an object', { filesystem: { allowRead: [{ path: 'a' }, 'b'] } }],
  ])('%s', (_what, settings) => {
    expect(validate(JSON.stringify(settings))).toEqual(settings);
  });

  test('the five lists that the existing srt asks for', () => {
    const settings = {
      network: {
        allowedDomains: ['example.com', '*.example.com', 'api.example.com:443'],
        deniedDomains: ['private.example.com'],
      },
      filesystem: {
        denyRead: ['~/.ssh', '/etc/shadow'],
        allowWrite: ['.', '/tmp', '~/work/'],
        denyWrite: ['.env', 'config/production.json'],
      },
    };
    expect(validate(JSON.stringify(settings, null, 2))).toEqual(settings);
  });
});

describe('an unknown key is an error that names the nearest known one', () => {
  test.each([
    ['{"netwrok": {}}', '1:2', 'netwrok', '', 'did you mean "network"?'],
    ['{"Network": {}}', '1:2', 'Network', '', 'did you mean "network"?'],
    ['{"fileSystem": {}}', '1:2', 'fileSystem', '', 'did you mean "filesystem"?'],
    [
      '{"fs": {}}',
      '1:2',
      'fs',
      '',
      'known keys here: network, filesystem, env, allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation',
    ],
    [
      '{"allowedDomains": []}',
      '1:2',
      'allowedDomains',
      '',
      'known keys here: network, filesystem, env, allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation',
    ],
    [
      '{"credentials": {}}',
      '1:2',
      'credentials',
      '',
      'known keys here: network, filesystem, env, allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation',
    ],
    [
      '{"$schemas": ""}',
      '1:2',
      '$schemas',
      '',
      'known keys here: network, filesystem, env, allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation',
    ],
    [
      '{"network": {\n  "allowDomains": []}}',
      '2:3',
      'allowDomains',
      ' in network',
      'did you mean "allowedDomains"?',
    ],
    [
      '{"network": {"denyDomains": []}}',
      '1:14',
      'denyDomains',
      ' in network',
      'did you mean "deniedDomains"?',
    ],
    [
      '{"network": {"httpProxyPort": 3128}}',
      '1:14',
      'httpProxyPort',
      ' in network',
      'known keys here: allowedDomains, deniedDomains, deniedResolvedAddresses, transparent, forward, allowUnixSockets, allowAllUnixSockets, allowLocalBinding, allowMachLookup, parentProxy',
    ],
    [
      '{"filesystem": {"denyReads": []}}',
      '1:17',
      'denyReads',
      ' in filesystem',
      'did you mean "denyRead"?',
    ],
    [
      '{"filesystem": {"allow_write": []}}',
      '1:17',
      'allow_write',
      ' in filesystem',
      'did you mean "allowWrite"?',
    ],
    [
      '{"filesystem": {"disabled": true}}',
      '1:17',
      'disabled',
      ' in filesystem',
      'known keys here: denyRead, allowRead, allowWrite, denyWrite, names, protect, privateCaches',
    ],
    [
      '{"filesystem": {"denyRead": ["a", {"path": "b", "litral": true}]}}',
      '1:49',
      'litral',
      ' in filesystem.denyRead.1',
      'did you mean "literal"?',
    ],
    [
      '{"network": {"deniedDomains": [{"host": "b", "raeson": "c"}]}}',
      '1:46',
      'raeson',
      ' in network.deniedDomains.0',
      'did you mean "reason"?',
    ],
    [
      '{"network": {"allowedDomains": []}, "toString": 1}',
      '1:37',
      'toString',
      '',
      'known keys here: network, filesystem, env, allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation',
    ],
    [
      '{"__proto__": 1}',
      '1:2',
      '__proto__',
      '',
      'known keys here: network, filesystem, env, allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation',
    ],
    [
      '{"__proto__": {}}',
      '1:2',
      '__proto__',
      '',
      'known keys here: network, filesystem, env, allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation',
    ],
    [
      '{"filesystem": {"__proto__": {"denyRead": []}}}',
      '1:17',
      '__proto__',
      ' in filesystem',
      'known keys here: denyRead, allowRead, allowWrite, denyWrite, names, protect, privateCaches',
    ],
  ])('%s', (text, place, key, inside, hint) => {
    const error = refusal(() => validate(text));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toBe(
      `s.json:${place}: unknown key "${key}"${inside}; srt refuses what it would not enforce`,
    );
    expect(error.hint).toBe(hint);
  });
});

describe('a wrong type or size is an error with its place', () => {
  const path = 'must be a path: a string, or {"path": "...", "literal": true}';
  const host = 'must be a host: a string, or {"host": "...", "reason": "..."}';
  const long = (length: number) => `"${'a'.repeat(length)}"`;
  test.each([
    ['1:1: the settings must be object', '[]'],
    ['1:1: the settings must be object', 'null'],
    ['1:1: the settings must be object', '"network"'],
    ['1:13: $schema must be string', '{"$schema": 1}'],
    ['1:13: network must be object', '{"network": null}'],
    ['1:13: network must be object', '{"network": []}'],
    ['2:32: network.allowedDomains must be array', '{\n "network": {"allowedDomains": null}}'],
    ['1:32: network.allowedDomains must be array', '{"network": {"allowedDomains": "a"}}'],
    ['1:32: network.allowedDomains must be array', '{"network": {"allowedDomains": {}}}'],
    [`1:38: network.allowedDomains.1 ${host}`, '{"network": {"allowedDomains": ["a", 1]}}'],
    [`1:32: network.deniedDomains.0 ${host}`, '{"network": {"deniedDomains": [null]}}'],
    [`1:32: network.deniedDomains.0 ${host}`, '{"network": {"deniedDomains": [{"reason": "a"}]}}'],
    [
      `1:42: network.deniedResolvedAddresses.0 ${host}`,
      '{"network": {"deniedResolvedAddresses": [["a"]]}}',
    ],
    [
      '1:56: network.deniedDomains.0.reason must NOT have fewer than 1 characters',
      '{"network": {"deniedDomains": [{"host": "a", "reason": ""}]}}',
    ],
    [
      '1:32: network.deniedDomains.0 must NOT have fewer than 1 characters',
      '{"network": {"deniedDomains": [""]}}',
    ],
    [
      '1:32: network.deniedDomains.0 must NOT have more than 300 characters',
      `{"network": {"deniedDomains": [${long(301)}]}}`,
    ],
    ['1:16: filesystem must be object', '{"filesystem": true}'],
    ['1:18: env.mode must be "inherit" or "clean"', '{"env": {"mode": "none"}}'],
    ['1:18: env.deny must be array', '{"env": {"deny": "A"}}'],
    ['1:19: env.pass.0 must be string', '{"env": {"pass": [1]}}'],
    ['1:19: env.pass.0 must NOT have fewer than 1 characters', '{"env": {"pass": [""]}}'],
    ['1:17: env.set must be object', '{"env": {"set": ["A=1"]}}'],
    ['1:23: env.set.A must be string', '{"env": {"set": {"A": 1}}}'],
    ['1:29: filesystem.denyRead must be array', '{"filesystem": {"denyRead": "a"}}'],
    [`1:30: filesystem.denyRead.0 ${path}`, '{"filesystem": {"denyRead": [1]}}'],
    [
      '1:31: filesystem.allowRead.0 must NOT have fewer than 1 characters',
      '{"filesystem": {"allowRead": [""]}}',
    ],
    [`1:32: filesystem.allowWrite.0 ${path}`, '{"filesystem": {"allowWrite": [{}]}}'],
    [`1:36: filesystem.denyWrite.1 ${path}`, '{"filesystem": {"denyWrite": ["a", ["b"]]}}'],
    [`1:30: filesystem.denyRead.0 ${path}`, '{"filesystem": {"denyRead": [{"path": 1}]}}'],
    [
      `1:30: filesystem.denyRead.0 ${path}`,
      '{"filesystem": {"denyRead": [{"path": "a", "literal": false}]}}',
    ],
    [`1:30: filesystem.denyRead.0 ${path}`, '{"filesystem": {"denyRead": [{"literal": true}]}}'],
    [
      '1:30: filesystem.denyRead.0 must NOT have more than 4096 characters',
      `{"filesystem": {"denyRead": [${long(4097)}]}}`,
    ],
  ])('%s', (message, text) => {
    const error = refusal(() => validate(text));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toBe(`s.json:${message}`);
  });
});
