import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment, killTree } from '../child.mjs';
import { memoryOf, processTree } from '../process-tree.mjs';
import { interleave, summarise } from '../rounds.mjs';
import { sum } from '../statistics.mjs';
import { atMost } from '../table.mjs';

const COMMAND = 'cat';
const MEBIBYTE = 2 ** 20;

/** What a wrapper keeps in memory around a command that waits for input, as an MCP server does
 * nearly all of its life. */
export async function measureIdle({ quick, temporary, note, wrappers }) {
  const limits = { rounds: quick ? 1 : 3, seconds: 15, note };
  const settled = quick ? 300 : 1500;
  const samples = await interleave(wrappers, limits, (one) =>
    weigh(one.wrap([COMMAND], 'network'), temporary, settled),
  );
  const unreadable = sum(Object.values(samples).flatMap((list) => list.map((s) => s.unreadable)));
  if (unreadable > 0)
    note(`the memory of ${unreadable} idle processes may not be read by this user`);
  const row = (what, pick, rest) => ({
    what: `idle \`${COMMAND}\`: ${what}`,
    figures: summarise(samples, pick),
    ...rest,
  });
  return [
    row('processes besides it', ({ processes }) => processes, { budget: atMost(3) }),
    row('PSS besides it, MiB', ({ pss }) => pss, { digits: 1, budget: atMost(45, ' MiB') }),
    row('PSS with it, MiB', ({ pssOfAll }) => pssOfAll, { digits: 1 }),
    row('PSS with it if no other Node ran, MiB', ({ alone }) => alone, {
      digits: 1,
      budget: atMost(45, ' MiB'),
    }),
  ];
}

async function weigh(argv, cwd, settled) {
  const child = spawn(argv[0], argv.slice(1), {
    cwd,
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit');
  try {
    await commandIn(child);
    await sleep(settled);
    const processes = processTree(child.pid).map((one) => ({ ...one, memory: memoryOf(one.pid) }));
    const around = processes.filter(({ name }) => name !== COMMAND);
    const mebibytes = (list, kind) => sum(list.map((one) => one.memory?.[kind] ?? 0)) / MEBIBYTE;
    return {
      processes: around.length,
      unreadable: processes.filter(({ memory }) => memory === null).length,
      pss: mebibytes(around, 'pss'),
      pssOfAll: mebibytes(processes, 'pss'),
      alone: mebibytes(processes, 'alone'),
    };
  } finally {
    child.stdin.end();
    await Promise.race([exited, sleep(5000, undefined, { ref: false })]);
    killTree(child);
  }
}

/** Waits until the command runs below the wrapper. */
async function commandIn(child) {
  for (let tries = 0; tries < 200; tries++) {
    if (processTree(child.pid).some(({ name }) => name === COMMAND)) return;
    await sleep(50);
  }
  throw new Error(`${COMMAND} did not start within 10 s`);
}
