// Run as `node files.mjs create|read FOLDER COUNT`, `node files.mjs pass COUNT`, or
// `node files.mjs run COMMAND...`: makes files, or opens one to read it, or sets the umask, so many times,
// and prints the microseconds of one; or runs the command and prints its milliseconds.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [what, ...words] = process.argv.slice(2);

function each(count, act) {
  for (let n = 0; n < count / 10; n++) act(`warm${n}`);
  const begun = process.hrtime.bigint();
  for (let n = 0; n < count; n++) act(`f${n}`);
  console.log(Number(process.hrtime.bigint() - begun) / 1e3 / count);
}

function inFolder(parent, act) {
  const folder = mkdtempSync(join(parent, 'srt-bench-'));
  try {
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const acts = {
  create: ([parent, count]) =>
    inFolder(parent, (folder) => {
      process.chdir(folder);
      each(Number(count), (name) => closeSync(openSync(name, 'wx')));
    }),
  read: ([parent, count]) =>
    inFolder(parent, (folder) => {
      const file = join(folder, 'file');
      writeFileSync(file, 'x');
      each(Number(count), () => {
        closeSync(openSync(file, 'r'));
        statSync(file);
      });
    }),
  pass: ([count]) => each(Number(count), () => process.umask(0o22)),
  run: ([program, ...args]) => {
    const begun = performance.now();
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
    console.log(performance.now() - begun);
  },
};
acts[what](words);
