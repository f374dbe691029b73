import { protectedNames } from '../../../src/policy/protected-names.ts';
import { loadText } from '../../../src/settings/load.ts';
import { protectedNamesOf } from '../../../src/settings/protected-names.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { refusal } from '../rules.ts';

const load = (filesystem: unknown) =>
  loadText(`{ "filesystem": ${JSON.stringify(filesystem)} }`, 's.json');

const context = { home: '/home/me', cwd: '/work', protect: [] };

test.each([
  ['no group', undefined],
  ['an empty group', {}],
  ['empty lists', { off: [], on: [] }],
  ['lists that repeat the default', { off: ['ci-workflows'], on: ['git-hooks'] }],
  ['a name twice', { off: ['gitmodules', 'gitmodules'] }],
])('%s: the default', (_what, protect) => {
  expect(protectedNamesOf(load({ protect }))).toEqual(protectedNames([], []));
});

test('the lists reach the policy', () => {
  const { protectedNames: inForce } = toPolicy(
    load({ protect: { off: ['git-hooks'], on: ['ci-workflows'] } }),
    context,
  );
  expect(inForce).toEqual(protectedNames(['git-hooks'], ['ci-workflows']));
  expect(inForce).not.toEqual(protectedNames([], []));
});

test('the policy names the home folders, absolute', () => {
  const given = { ...context, home: 'me', otherHomes: ['/root/', '/home/./you'] };
  expect(toPolicy(load({}), given).homes).toEqual(['/work/me', '/root', '/home/you']);
});

describe('refused', () => {
  test.each([
    ['off', 'git-hook', 'did you mean "git-hooks"?'],
    ['on', 'ci-workflow', 'did you mean "ci-workflows"?'],
    ['off', 'Git-Hooks', 'did you mean "git-hooks"?'],
    ['on', '.github/workflows', /^there are git-hooks, .*, user-tools$/],
    ['off', '*', /^there are git-hooks, /],
    ['off', '__proto__', /^there are git-hooks, /],
  ])('%s %s, which is none', (list, typed, hint) => {
    const error = refusal(() => protectedNamesOf(load({ protect: { [list]: ['mcp', typed] } })));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    const column = list === 'off' ? 42 : 41;
    expect(error.message).toBe(
      `s.json:1:${column}: filesystem.protect.${list} "${typed}" is no protected name`,
    );
    if (typeof hint === 'string') expect(error.hint).toBe(hint);
    else expect(error.hint).toMatch(hint);
  });

  test('a name in both lists', () => {
    const protect = { off: ['mcp', 'vim'], on: ['emacs', 'vim'] };
    const error = refusal(() => protectedNamesOf(load({ protect })));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toBe(
      's.json:1:63: filesystem.protect.on "vim" is in filesystem.protect.off too',
    );
  });

  test.each([
    ['1:28: filesystem.protect must be object', { protect: ['mcp'] }],
    ['1:35: filesystem.protect.off must be array', { protect: { off: 'mcp' } }],
    ['1:35: filesystem.protect.on.0 must be string', { protect: { on: [1] } }],
    ['1:29: unknown key "of" in filesystem.protect', { protect: { of: [] } }],
    ['1:18: unknown key "allowGitConfig" in filesystem', { allowGitConfig: true }],
  ])('%s', (message, filesystem) => {
    const error = refusal(() => load(filesystem));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toContain(message);
  });
});
