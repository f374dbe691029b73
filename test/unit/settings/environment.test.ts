import { OWN_VARIABLES } from '../../../src/policy/environment-rules.ts';
import { environmentOf } from '../../../src/settings/environment.ts';
import { loadText } from '../../../src/settings/load.ts';
import { refusal } from '../rules.ts';

const load = (env: unknown) => loadText(`{ "env": ${JSON.stringify(env)} }`, 's.json');
const policyOf = (env: unknown, clean = false) => environmentOf(load(env), clean);

test('without the group everything is inherited', () => {
  const nothing = { mode: 'inherit', rules: [], set: [] };
  expect(environmentOf(loadText('{}', 's.json'), false)).toEqual(nothing);
  expect(policyOf({})).toEqual(nothing);
});

test.each([
  ['inherit', false, 'inherit'],
  ['inherit', true, 'clean'],
  ['clean', false, 'clean'],
  ['clean', true, 'clean'],
])('mode %s with --clean-env %s: %s', (mode, clean, expected) => {
  expect(policyOf({ mode }, clean).mode).toBe(expected);
});

test('an entry is a rule that knows its place', () => {
  expect(policyOf({ pass: ['A'], deny: ['B', 'é*'] }).rules).toEqual([
    {
      list: 'pass',
      pattern: 'A',
      group: false,
      source: { setting: 'env.pass', typed: 'A', where: 's.json:1:19' },
    },
    {
      list: 'deny',
      pattern: 'B',
      group: false,
      source: { setting: 'env.deny', typed: 'B', where: 's.json:1:32' },
    },
    {
      list: 'deny',
      pattern: 'Ã©*',
      group: false,
      source: { setting: 'env.deny', typed: 'é*', where: 's.json:1:36' },
    },
  ]);
});

test('a group is its patterns', () => {
  const { rules } = policyOf({ deny: ['@secrets'] });
  expect(rules.length).toBeGreaterThan(10);
  expect(new Set(rules.map(({ source }) => source.typed))).toEqual(new Set(['@secrets']));
  expect(rules.every(({ group }) => group)).toBe(true);
});

test('values are as they stand', () => {
  const set = { A: '~/x', B: '$HOME', 'odd name': '', é: '日本\n', ['__proto__']: 'x' };
  expect(policyOf({ set }).set).toEqual(Object.entries(set));
});

describe('refused', () => {
  test.each([
    [{ deny: ['@secret'] }, '1:19: "@secret" is no list that srt has; it has @secrets'],
    [{ deny: ['@constructor'] }, '1:19: "@constructor" is no list'],
    [{ pass: ['A', 'B=x'] }, '1:23: "B=x" contains =; this list has names alone, env.set'],
    [{ deny: ['A?'] }, '1:19: "A?" has a wildcard other than *'],
    [{ deny: ['[AB]'] }, '1:19: "[AB]" has a wildcard other than *'],
    [{ deny: ['A\0'] }, '1:19: "A\\u0000" contains a NUL byte'],
    [{ set: { '': 'canary' } }, '1:21: env.set "" is not a name'],
    [{ set: { 'A=B': 'canary' } }, '1:24: env.set "A=B" contains ='],
    [{ set: { '=C:': 'canary' } }, '1:24: env.set "=C:" contains ='],
    [{ set: { A: 'canary\0' } }, '1:22: env.set "A" contains a NUL byte'],
    [{ set: { 'A\0': 'canary' } }, 'contains a NUL byte'],
  ])('%j: %s', (env, message) => {
    const error = refusal(() => policyOf(env));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('canary');
  });

  test.each(OWN_VARIABLES)('%s, which is of srt, in any of the three', (name) => {
    const message = /^s\.json:1:\d+: .*is set by srt in every sandbox/;
    expect(refusal(() => policyOf({ set: { [name]: 'canary' } })).message).toMatch(message);
    expect(refusal(() => policyOf({ pass: [name] })).message).toMatch(message);
    expect(refusal(() => policyOf({ deny: [name] })).message).toMatch(message);
  });
});
