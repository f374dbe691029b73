import { compileProfile, type ProfileInput } from '../../../../src/compile/seatbelt/profile.ts';
import type { PathRule } from '../../../../src/policy/path-rules.ts';
import {
  allows,
  decide,
  type Profile,
  READINGS,
  readProfile,
} from '../../../support/seatbelt/evaluate.ts';
import type { Request } from '../../../support/seatbelt/filters.ts';
import { rule } from '../../rules.ts';
import { compileFor, folder, type Given, MACHINE, PORT, TAG } from './mac.ts';

const HOME = '/Users/me';
const PROJECT = `${HOME}/project`;

function profileFor(rules: readonly PathRule[], given: Given = {}): Profile {
  return readProfile(compileFor(rules, given).text);
}

const write = [rule('allowWrite', PROJECT)];
const home = [
  rule('denyRead', HOME),
  rule('allowRead', `${HOME}/bin`),
  rule('allowWrite', PROJECT),
];

describe('a fault of srt, not of the user', () => {
  const facts = { ...MACHINE, paths: new Map() };
  test.each<[string, Partial<ProfileInput>, string]>([
    ['a path that nobody looked up', { rules: [rule('denyRead', '/a')] }, 'no fact about /a'],
    ['a tag with a quote', { tag: 'a"b' }, 'no tag'],
    ['a tag with a line break', { tag: 'a\nb' }, 'no tag'],
    ['no tag', { tag: '' }, 'no tag'],
    ['no port', { gatePort: 0 }, 'no port'],
    ['a port that is none', { gatePort: 1.5 }, 'no port'],
  ])('%s', (_what, wrong, expected) => {
    const input = { rules: [], facts, gatePort: PORT, tag: TAG, ...wrong };
    expect(() => compileProfile(input)).toThrow(expected);
  });
});

describe('the rest of the machine', () => {
  const profile = profileFor(write, { cwd: PROJECT });
  const tcp = (host: string, port: number) => ({ protocol: 'tcp', host, port }) as const;
  const remote = (host: string, port: number): Request => ({
    operation: 'network-outbound',
    remote: tcp(host, port),
  });
  const pty = { path: '/dev/ttys009', extensions: ['com.apple.sandbox.pty'] };

  test.each<[string, Request, boolean]>([
    ['the gate', remote('127.0.0.1', PORT), true],
    ['the gate by IPv6', remote('::1', PORT), true],
    ['another port', remote('127.0.0.1', PORT + 1), false],
    ['another host', remote('192.0.2.1', PORT), false],
    [
      'name service',
      { operation: 'network-outbound', path: '/private/var/run/mDNSResponder' },
      false,
    ],
    ['a Unix socket of its own', { operation: 'network-outbound', path: `${PROJECT}/s` }, false],
    ['a Unix socket to listen on', { operation: 'network-bind', path: `${PROJECT}/s` }, false],
    ['a port to listen on', { operation: 'network-bind', local: tcp('127.0.0.1', 80) }, false],
    ['other sockets', { operation: 'system-socket' }, false],
    ['a child', { operation: 'process-fork' }, true],
    ['a signal to itself', { operation: 'signal', target: 'self' }, true],
    ['a signal to a child', { operation: 'signal', target: 'same-sandbox' }, true],
    ['a signal to the host', { operation: 'signal', target: 'others' }, false],
    ['a look at the host', { operation: 'process-info-pidinfo', target: 'others' }, false],
    ['the memory of another', { operation: 'mach-priv-task-port', target: 'others' }, false],
    ['a setuid program', { operation: 'forbidden-exec-sugid', path: '/usr/bin/sudo' }, false],
    ['processors', { operation: 'sysctl-read', name: 'hw.ncpu' }, true],
    ['arguments of all', { operation: 'sysctl-read', name: 'kern.procargs2' }, false],
    ['a setting of the kernel', { operation: 'sysctl-write', name: 'hw.ncpu' }, false],
    ['users', { operation: 'mach-lookup', name: 'com.apple.system.opendirectoryd.libinfo' }, true],
    ['the pasteboard', { operation: 'mach-lookup', name: 'com.apple.pasteboard.1' }, false],
    ['names over Mach', { operation: 'mach-lookup', name: 'com.apple.mDNSResponder' }, false],
    ['a service of its own', { operation: 'mach-register', name: 'a.b' }, false],
    ['a lock of Python', { operation: 'ipc-posix-sem-create', name: '/mp-ab12' }, true],
    ['a lock of another', { operation: 'ipc-posix-sem-open', name: '/other' }, false],
    ['memory of another', { operation: 'ipc-posix-shm-read-data', name: '/other' }, false],
    ['/dev/null', { operation: 'file-write-data', path: '/dev/null' }, true],
    ['/dev/null, removed', { operation: 'file-write-unlink', path: '/dev/null' }, false],
    ['a terminal that it made', { operation: 'file-read-data', ...pty }, true],
    ['another terminal', { operation: 'file-read-data', path: '/dev/ttys009' }, false],
    ['input for another', { operation: 'file-ioctl', path: '/dev/ttys009' }, false],
    ['the terminal of its session', { operation: 'file-write-data', path: '/dev/tty' }, false],
    ['a mount', { operation: 'file-mount', path: `${PROJECT}/m` }, false],
  ])('%s', (_what, request, expected) => {
    for (const reading of READINGS) expect(allows(profile, request, reading)).toBe(expected);
  });
});

test('every denial carries the tag', () => {
  const rules = [...home, rule('denyWrite', `${PROJECT}/.git`)];
  const profile = profileFor(rules, { cwd: PROJECT });
  for (const { allow, message } of profile.rules) expect(message).toBe(allow ? null : TAG);
  const denied = { operation: 'file-read-data', path: `${HOME}/x` };
  expect(decide(profile, denied)).toEqual({ allowed: false, message: TAG });
});

test('no rule for a wildcard follows one for a single operation of it', () => {
  const rules = [...home, rule('denyWrite', `${PROJECT}/.git`)];
  const operations = profileFor(rules, { cwd: PROJECT }).rules.map((r) => r.operations);
  const wildcard = operations.findLastIndex((names) => names.includes('file-write*'));
  const single = operations.findIndex((names) => names.includes('file-write-unlink'));
  expect(single).toBeGreaterThan(wildcard);
});

test('ten thousand rules are compiled in seconds on a busy machine', () => {
  const rules = Array.from({ length: 10_000 }, (_, at) => {
    const list = (['denyRead', 'allowRead', 'denyWrite', 'allowWrite'] as const)[at % 4];
    return rule(list ?? 'denyRead', `${PROJECT}/${at % 97}/${at % 31}/${at}`);
  });
  const given: Given = { paths: Object.fromEntries(rules.map((r) => [r.path, folder(r.path)])) };
  const start = performance.now();
  const { text } = compileFor([...write, ...rules], given);
  expect(performance.now() - start).toBeLessThan(5000);
  expect(text.length).toBeLessThan(4_000_000);
});
