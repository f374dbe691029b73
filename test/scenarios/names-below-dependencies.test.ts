import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Scratch, scratch, srt } from '../support/srt.ts';

let given: Scratch;
beforeEach(() => {
  given = scratch();
});
afterEach(() => given.remove());

const write = (settings: string, path: string) =>
  srt(['-s', settings, '--', 'sh', '-c', 'mkdir -p "${1%/*}" && echo x > "$1"', 'sh', path], {
    cwd: given.path,
  });

/* A package may bring what only editors look for, and only in a project's own folders. */
test.each([
  ['node_modules/.vscode/tasks.json', true],
  ['node_modules/example/.vscode/tasks.json', true],
  ['node_modules/@example/deep/er/.vscode/tasks.json', true],
  ['node_modules/example/deep/.git/config', false],
  ['example/.vscode/tasks.json', false],
])('%s can be written: %s', async (path, can) => {
  const settings = given.settings({ filesystem: { allowWrite: ['.'] } });
  const { code, stderr } = await write(settings, path);
  expect([code === 0, existsSync(join(given.path, path))]).toEqual([can, can]);
  if (!can) expect(stderr).toContain('Permission denied');
});

test('names count again in a folder of allowWrite inside of dependencies', async () => {
  const own = given.folder('node_modules/own');
  const settings = given.settings({ filesystem: { allowWrite: ['.', own] } });
  const refused = await write(settings, 'node_modules/own/src/.vscode/tasks.json');
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('Permission denied');
  expect((await write(settings, 'node_modules/other/src/.vscode/tasks.json')).code).toBe(0);
});
