import { readFileSync } from 'node:fs';
import { type Scratch, scratch, srt } from '../support/srt.ts';

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => dir.remove());

function shell(script: string) {
  const settings = dir.settings({ filesystem: { allowWrite: [dir.folder('work')] } });
  return srt(['-s', settings, '--', 'sh', '-c', script], { cwd: dir.path });
}

test('mv brings a folder from the private /tmp, where other rules are, by copying it', async () => {
  const { code, stderr } = await shell(
    'mkdir /tmp/made; echo text > /tmp/made/f; mv /tmp/made work/',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(readFileSync(`${dir.path}/work/made/f`, 'utf8')).toBe('text\n');
});

test('within one root a folder goes where the same rules are, and not where others are', async () => {
  dir.folder('work/node_modules/package/.vscode');
  dir.folder('work/one');
  const { stdout } = await shell(`
    mv work/one work/two && echo moved
    mv work/node_modules/package work/package 2>/dev/null || echo refused
    mv work/node_modules/package work/node_modules/other && echo moved
  `);
  expect(stdout).toBe('moved\nrefused\nmoved\n');
});

test('below node_modules a package may bring, at any depth, what only editors look for', async () => {
  const { stdout } = await shell(`
    mkdir -p work/node_modules/one/two
    for folder in work work/node_modules work/node_modules/one work/node_modules/one/two; do
      mkdir $folder/.vscode 2>/dev/null && echo made || echo refused
      mkdir $folder/.git && touch $folder/.git/config 2>/dev/null && echo made || echo refused
    done
  `);
  expect(stdout).toBe('refused\nrefused\n'.concat('made\nrefused\n'.repeat(3)));
});

test('a file is saved by a rename where rules lead through the name, and no link is put there', async () => {
  dir.folder('work/src');
  const denyWrite = [`${dir.path}/work/src/*/secret.txt`];
  const settings = dir.settings({ filesystem: { allowWrite: [`${dir.path}/work`], denyWrite } });
  const script = `
    echo one > new && mv new src/file && echo two > new && mv new src/file && echo saved
    ln -s /etc link && mv link src/link 2>/dev/null || echo refused
  `;
  const { stdout } = await srt(['-s', settings, '-c', script], { cwd: `${dir.path}/work` });
  expect(stdout).toBe('saved\nrefused\n');
  expect(readFileSync(`${dir.path}/work/src/file`, 'utf8')).toBe('two\n');
});

test('a file gets a second name where rules lead through it, and a link does not', async () => {
  dir.folder('work/src');
  const denyWrite = [`${dir.path}/work/src/*/secret.txt`];
  const settings = dir.settings({ filesystem: { allowWrite: [`${dir.path}/work`], denyWrite } });
  const script = `
    echo one > new && ln new src/file && echo made
    ln -s /etc link && ln -P link src/link 2>/dev/null || echo refused
  `;
  const { stdout } = await srt(['-s', settings, '-c', script], { cwd: `${dir.path}/work` });
  expect(stdout).toBe('made\nrefused\n');
});
