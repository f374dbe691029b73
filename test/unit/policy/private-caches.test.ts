import { CLEAN_BASE, OUT_OF_REACH, OWN_VARIABLES } from '../../../src/policy/environment-rules.ts';
import { CACHE_VARIABLES } from '../../../src/policy/private-caches.ts';

const names = CACHE_VARIABLES.map(([name]) => name);

test('each variable has one folder, and none is of another list', () => {
  expect(new Set(names).size).toBe(names.length);
  const others = [...OWN_VARIABLES, ...CLEAN_BASE, ...OUT_OF_REACH.map(([name]) => name)];
  expect(names.filter((name) => others.includes(name as never))).toEqual([]);
});

test.each(
  CACHE_VARIABLES,
)('%s has the folder %s, which stays below the caches', (_name, folder) => {
  expect(folder).toMatch(/^[a-z]+(-[a-z]+)*(\/[a-z]+)*$/);
});

/* A tool that is installed there would be gone. */
test.each([
  'HOME',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'RUSTUP_HOME',
  'UV_PYTHON_INSTALL_DIR',
  'PLAYWRIGHT_BROWSERS_PATH',
  'YARN_CACHE_FOLDER',
])('%s is left alone', (name) => {
  expect(names).not.toContain(name);
});
