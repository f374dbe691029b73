import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIXED, GRANTS } from '../../../../src/compile/seatbelt/fixed-texts.ts';
import type { MacGrant } from '../../../../src/policy/mac-grants.ts';
import { allows, readProfile } from '../../../support/seatbelt/evaluate.ts';
import type { Request } from '../../../support/seatbelt/filters.ts';
import { bundleText, loadBundled } from '../../bundled.ts';
import { compileFor } from './mac.ts';

const FOLDER = join(__dirname, '../../../../profiles/seatbelt');
const FILES = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]);

describe.each(FILES)('profiles/seatbelt/%s', (_name, text = '') => {
  const lines = text.split('\n');

  test('can be read, and names no unknown operation or filter', () => {
    expect(readProfile(`(version 1)\n${text}`).rules.length).toBeGreaterThan(0);
  });

  test('has a reason above each rule', () => {
    const rules = lines.flatMap((line, at) => (line.startsWith('(') ? [at] : []));
    const bare = rules.filter((at) => !/^; .{15,}/.test(lines[at - 1] ?? ''));
    expect(bare.map((at) => lines[at])).toEqual([]);
  });

  test('has a reason beside each of several names', () => {
    const names = lines.filter((line) => /^ {2}\((literal|subpath|[a-z-]*name[a-z-]*) /.test(line));
    expect(names.filter((line) => !/ ; \S.{2,}$/.test(line))).toEqual([]);
  });

  test('allows, and leaves what is denied to the default', () => {
    expect(text).not.toMatch(/^\(deny/m);
  });
});

test('each file is part of some profile', () => {
  const used = [...Object.values(FIXED), ...Object.values(GRANTS)].sort();
  expect(used).toEqual(FILES.map(([, text]) => text).sort());
});

test('the bundle has the texts in it', () => {
  const bundled = loadBundled<{ FIXED: typeof FIXED }>('src/compile/seatbelt/fixed-texts.ts');
  expect(bundled.FIXED).toEqual(FIXED);
});

test('a start on Linux has none of them in its bundle', () => {
  expect(bundleText('src/compile/seatbelt/profile.ts')).toContain('same-sandbox');
  expect(bundleText('src/compile/compile.ts')).not.toContain('same-sandbox');
});

const service = (name: string): Request => ({ operation: 'mach-lookup', name });

/** Each opens a way to what is outside of the sandbox. */
const GRANTED: [MacGrant, Request][] = [
  ['keychain', service('com.apple.SecurityServer')],
  ['keychain', service('com.apple.securityd.xpc')],
  ['launch-services', service('com.apple.coreservices.launchservicesd')],
  ['launch-services', { operation: 'lsopen' }],
  ['apple-events', service('com.apple.coreservices.appleevents')],
  ['apple-events', { operation: 'appleevent-send' }],
  ['trust', service('com.apple.trustd.agent')],
  [
    'local-binding',
    { operation: 'network-bind', local: { protocol: 'tcp', host: '127.0.0.1', port: 8080 } },
  ],
  [
    'local-binding',
    { operation: 'network-outbound', remote: { protocol: 'tcp', host: '::1', port: 8080 } },
  ],
];

test.each(GRANTED)('%s is needed for %j', (grant, request) => {
  const others = (Object.keys(GRANTS) as MacGrant[]).filter((name) => name !== grant);
  expect(allows(readProfile(compileFor([], { grants: [grant] }).text), request)).toBe(true);
  expect(allows(readProfile(compileFor([], { grants: others }).text), request)).toBe(false);
});
