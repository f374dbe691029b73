/* Threat: threads of the command change, in the middle of a call, what it is about: the path in memory,
 * the working directory, a descriptor, a folder or a link on the way, what kind of thing is moved;
 * and a second sandbox in the same folder does the same. What is judged is what is used, or it is
 * refused. `npm run race -- SECONDS` goes on for longer. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { requires } from '../support/requires.ts';
import { attack, HOSTILE_FILES, madeIn, makeTarget } from './support/hostile-files.ts';
import { listTree } from './support/tree.ts';

const SECONDS = Number(process.env.SRT_RACE_SECONDS ?? 3);
const races = requires('a C compiler', HOSTILE_FILES !== null);

races.each([1, 2])(
  'nothing protected is made or changed by %d at once',
  async (sandboxes: number) => {
    const dir = makeTarget();
    const git = join(dir.path, 'work', '.git');
    const before = listTree(git);
    const seen = new Set<string>();
    const note = () => {
      for (const name of madeIn(dir)) seen.add(name);
    };
    const watching = setInterval(note, 2);
    const inside = await attack(dir, 'races', SECONDS, sandboxes);
    clearInterval(watching);
    note();
    const after = listTree(git);
    dir.remove();
    expect([...seen]).toEqual([]);
    expect(after).toEqual(before);
    for (const one of inside) {
      expect(one).toMatchObject({ code: 0, stderr: '' });
      expect(one.stdout).toMatch(/^beats [1-9]/);
    }
  },
);

races('outside all of it succeeds: the control', async () => {
  const dir = makeTarget();
  await attack(dir, 'races', 1, 0);
  const made = madeIn(dir);
  const hooks = readdirSync(join(dir.path, 'work', '.git', 'hooks'));
  dir.remove();
  expect(made).toEqual(expect.arrayContaining(['free/.mcp.json', 'free/.github']));
  expect(hooks).not.toEqual(['pre-commit']);
});
