import { nameToTell } from '../../../src/policy/change-decision.ts';
import type { ChangeRules } from '../../../src/policy/change-rules.ts';
import { handedOverNames } from '../../../src/policy/handed-over-names.ts';
import type { Access } from '../../../src/policy/path-rules.ts';
import { protectedNames } from '../../../src/policy/protected-names.ts';

const source = { setting: 'filesystem', typed: 'x', where: null };
const point = (path: string, access: Access) => ({ path, access, source });

function rulesFor(off: readonly string[], on: readonly string[]): ChangeRules {
  const inForce = protectedNames(off, on);
  return {
    points: [
      point('/p', 'read-write'),
      point('/p/own.mk', 'read-write'),
      point('/p/fixed', 'read-only'),
      point('/tmp', 'private'),
    ],
    patterns: [],
    protectedNames: inForce,
    handedOver: handedOverNames(inForce),
    homes: ['/p/home'],
  };
}

const [usual, other] = [rulesFor([], []), rulesFor(['user-git', 'git-hooks'], ['ci-workflows'])];

test.each<[string, ChangeRules, string, string | null]>([
  ['a build file', usual, '/p/a/makefile', 'builds'],
  ['what is harmless', usual, '/p/a/file', null],
  ['what is in a folder of that name', usual, '/p/build/file', null],
  ['the folders above', usual, '/p/.github', null],
  ['an optional name', usual, '/p/.github/workflows/x.yml', 'ci-workflows'],
  ['an optional name that is protected', other, '/p/.github/workflows/x.yml', null],
  ['a protected name', usual, '/p/.git/hooks/pre-commit', null],
  ['a protected name that is off', other, '/p/.git/hooks/pre-commit', 'git-hooks'],
  ['what that does not mean', other, '/p/.git/hooks/pre-commit.sample', null],
  ['a name of the home folder that is off', other, '/p/home/.subversion/config', 'user-git'],
  ['the same elsewhere', other, '/p/else/.subversion/config', null],
  ['a package', usual, '/p/node_modules/x/package.json', null],
  ['a repository in a package', usual, '/p/node_modules/x/HEAD', 'git-repositories'],
  ['a bare repository', usual, '/p/x.git/hooks/pre-push', 'git-repositories'],
  ['that of .git', usual, '/p/.git/HEAD', null],
  ['a folder that is read-only', usual, '/p/fixed/Makefile', null],
  ['what the user names', usual, '/p/own.mk', null],
  ['what is in no write root', usual, '/q/Makefile', null],
  ['the private folder', usual, '/tmp/Makefile', null],
])('%s', (_, rules, path, name) => {
  expect(nameToTell(rules, path, 'file')?.name ?? null).toBe(name);
});
