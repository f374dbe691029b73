import { CREDENTIAL_STORES } from '../../../src/policy/credential-stores.ts';

const paths = CREDENTIAL_STORES.map(([path]) => path);

test('each store is named once, relative to the home folder, and says what it holds', () => {
  expect(new Set(paths).size).toBe(paths.length);
  for (const [path, holds] of CREDENTIAL_STORES) {
    expect(path).toMatch(/^[^/]+(\/[^/]+)*$/);
    expect(path.split('/').filter((part) => part === '.' || part === '..')).toEqual([]);
    expect(holds).not.toBe('');
  }
});

/* What an attacker looks for first. A list that is shortened by accident fails here. */
test.each([
  '.ssh',
  '.aws',
  '.gnupg',
  '.kube',
  '.azure',
  '.config/gcloud',
  '.netrc',
  '.git-credentials',
  '.npmrc',
  '.pypirc',
  '.docker/config.json',
  '.config/gh',
  '.mozilla',
  '.config/google-chrome',
  '.local/share/keyrings',
  '.claude/.credentials.json',
  '.codex/auth.json',
  '.bash_history',
])('%s is one', (path) => {
  expect(paths).toContain(path);
});
