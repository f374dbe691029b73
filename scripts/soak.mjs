// npm run soak [-- ROUNDS]: kills srt with SIGKILL at random instants of its life, many times, and
// fails if any process of its session is left. Prints what it did; the seed is in the first line.
// Then the test that a kill leaves the project as it was, 200 times.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './root.mjs';

const srt = join(root, 'dist', 'bin', 'srt');
const rounds = Number(process.argv[2] ?? 500);
let seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
console.log(`${rounds} rounds, seed ${seed}`);

function random() {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  return seed / 2 ** 31;
}

/* srt's Node leads a session of its own, and is told by its environment. */
function members(session, mark) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        if (fields[0] === 'Z') return false;
        if (Number(fields[3]) === session) return true;
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    });
}

let begun = 0;

async function round() {
  const mark = `soak-${process.pid}-${++begun}`;
  const args = ['--', 'sh', '-c', 'sleep 60 & sleep 60'];
  const child = spawn(srt, args, {
    env: { ...process.env, SRT_TEST_MARK: mark },
    detached: true,
    stdio: 'ignore',
  });
  const delay = 30 + random() * 90;
  await sleep(delay);
  child.kill('SIGKILL');
  for (const end = Date.now() + 3000; Date.now() < end; await sleep(10)) {
    if (members(child.pid, mark).length === 0) return null;
  }
  return { delay, left: members(child.pid, mark) };
}

const failures = [];
for (let i = 0; i < rounds; i += 8) {
  const batch = await Promise.all(Array.from({ length: Math.min(8, rounds - i) }, round));
  failures.push(...batch.filter(Boolean));
}
for (const { delay, left } of failures) {
  console.log(`killed after ${delay.toFixed(1)} ms: left ${left.join(' ')}`);
  for (const pid of left) process.kill(Number(pid), 'SIGKILL');
}
console.log(`${failures.length} of ${rounds} rounds left a process`);
const jest = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', 'leave-no-trace'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SRT_KILLS: '200' },
});
process.exit(failures.length === 0 && jest.status === 0 ? 0 : 1);
