/* Threat: the env block of a config entry, or a project's own environment, tells Node to load a file before
 * anything else. In srt's Node it would run with all of the user's rights. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Scratch, SRT, scratch } from '../support/srt.ts';

let dir: Scratch;
let mark: string;
beforeEach(() => {
  dir = scratch();
  mark = join(dir.path, 'was-here');
  dir.file('evil.cjs', `try { require('fs').writeFileSync(${JSON.stringify(mark)}, '') } catch {}`);
});
afterEach(() => dir.remove());

const env = () => ({ ...process.env, NODE_OPTIONS: `--require=${join(dir.path, 'evil.cjs')}` });

test('a program that runs in Node loads it: the control', async () => {
  await run([process.execPath, '-e', '0'], { env: env() });
  expect(existsSync(mark)).toBe(true);
});

test('srt does not, and the command gets the variable', async () => {
  rmSync(mark, { force: true });
  const { stdout, code } = await run([SRT, 'sh', '-c', 'echo "$NODE_OPTIONS"'], { env: env() });
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${env().NODE_OPTIONS}\n` });
  expect(existsSync(mark)).toBe(false);
});

test('a command that runs in Node does, in the sandbox', async () => {
  const script = `console.log(Object.keys(require.cache).join())`;
  const { stdout } = await run([SRT, process.execPath, '-e', script], { env: env() });
  expect(stdout).toContain('evil.cjs');
  expect(existsSync(mark)).toBe(false);
});
