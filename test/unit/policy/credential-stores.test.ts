import {
  CREDENTIAL_STORES,
  credentialStores,
  MAC_CREDENTIAL_STORES,
} from '../../../src/policy/credential-stores.ts';

const all = credentialStores('darwin');
const paths = all.map(([path]) => path);

test('each store is named once, relative to the home folder, and says what it holds', () => {
  expect(new Set(paths).size).toBe(paths.length);
  for (const [path, holds] of all) {
    expect(path).toMatch(/^[^/]+(\/[^/]+)*$/);
    expect(path.split('/').filter((part) => part === '.' || part === '..')).toEqual([]);
    expect(holds).not.toBe('');
  }
});

test('those of macOS are looked for there alone', () => {
  expect(all).toEqual([...CREDENTIAL_STORES, ...MAC_CREDENTIAL_STORES]);
  expect(credentialStores('linux')).toEqual(CREDENTIAL_STORES);
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
  'Library/Keychains',
  'Library/Cookies',
  'Library/Application Support/Google/Chrome',
  'Library/Application Support/Firefox',
])('%s is one', (path) => {
  expect(paths).toContain(path);
});
