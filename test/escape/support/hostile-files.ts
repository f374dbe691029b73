import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildC } from '../../support/build-c.ts';
import { type Ended, ended, ROOT, type Scratch, SRT, scratch } from '../../support/srt.ts';

/** test/support/hostile-files.c, or null without a C compiler. */
export const HOSTILE_FILES: string | null = buildC(
  join(ROOT, 'test', 'support', 'hostile-files.c'),
  'cc',
  ['-static', '-pthread'],
);

/** The folder that the program attacks. */
export function makeTarget(): Scratch {
  const dir = scratch();
  const work = join(dir.path, 'work');
  dir.file('work/.git/hooks/pre-commit', 'fixed');
  for (const name of ['free/file', 'free/x', 'free/folder/hooks/evil.json']) {
    dir.file(`work/${name}`, 'free');
  }
  mkdirSync(join(work, 'swap', 'a', 'hooks'), { recursive: true });
  mkdirSync(join(work, 'swap', 'deep', 'a', '.git', 'hooks'), { recursive: true });
  symlinkSync('folder', join(work, 'free', 'leads'));
  symlinkSync('../.git', join(work, 'swap', 'b'));
  symlinkSync('../..', join(work, 'swap', 'deep', 'b'));
  return dir;
}

/** What may never come to be there, however an attack goes. */
export function madeIn(dir: Scratch): string[] {
  const names = ['.git/hooks/evil', 'free/.mcp.json', 'free/taken'];
  const made = names.filter((name) => existsSync(join(dir.path, 'work', name)));
  /* A file there leads nowhere. */
  const led = ['free/.github', 'free/.git'].filter((name) => {
    const status = lstatSync(join(dir.path, 'work', name), { throwIfNoEntry: false });
    return status !== undefined && !status.isFile();
  });
  return [...made, ...led];
}

/** Runs it for some seconds, in a sandbox or outside; `sandboxes` at once. */
export function attack(
  dir: Scratch,
  how: 'races' | 'storm',
  seconds: number,
  sandboxes: number,
): Promise<Ended[]> {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const program = [HOSTILE_FILES ?? '', how, String(seconds)];
  const argv = [SRT, '-s', settings, '--', ...program];
  const one = sandboxes > 0 ? argv : program;
  const options = { cwd: join(dir.path, 'work') };
  const runs = Array.from({ length: Math.max(1, sandboxes) }, () =>
    ended(spawn(one[0] ?? '', one.slice(1), options), 30_000 + seconds * 1000),
  );
  return Promise.all(runs);
}
