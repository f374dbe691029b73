/* Threat: process 1 opens named pipes for the command in threads that one signal takes out of their
 * wait. The command can send process 1 that signal too, and those that the C library has for itself:
 * an answer that one interrupts gives a program a descriptor that is another file, and a second
 * answer to the same call ends the sandbox. */
import { requires } from '../support/requires.ts';
import { attack, HOSTILE_FILES, makeTarget } from './support/hostile-files.ts';

requires('a C compiler', HOSTILE_FILES !== null)('pipes are opened all the same', async () => {
  const dir = makeTarget();
  const [inside] = await attack(dir, 'storm', 3, 1);
  dir.remove();
  expect(inside).toMatchObject({ code: 0, stderr: '' });
  expect(inside?.stdout).toMatch(/^beats [1-9]\d* wrong 0\n$/);
});
