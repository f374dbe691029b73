import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment, killTree } from '../child.mjs';
import { root } from '../contestants.mjs';
import { processTree } from '../process-tree.mjs';
import { interleave, summarise } from '../rounds.mjs';
import { startSilence } from '../servers.mjs';
import { sum } from '../statistics.mjs';
import { atMost } from '../table.mjs';

const client = join(root, 'scripts/bench/inside/idle-tunnels.mjs');
const COUNT = 5000;
const SETTLED = 3000;

/** What the wrapper's processes take with so many tunnels that carry nothing. */
export async function measureIdleTunnels({ quick, note, wrappers }) {
  const silence = await startSilence();
  const count = quick ? COUNT / 10 : COUNT;
  const limits = { rounds: 1, seconds: 60, note };
  try {
    const measured = wrappers.filter(({ isShim }) => !isShim);
    const samples = await interleave(measured, limits, (one) => {
      const task = JSON.stringify({ port: silence.port, count });
      return weigh(one.wrap([process.execPath, client, task], 'network'));
    });
    const what = `${count} idle tunnels: RSS besides the client, MiB`;
    return [{ what, figures: summarise(samples), budget: atMost(150, ' MiB') }];
  } finally {
    silence.close();
  }
}

async function weigh(argv) {
  const child = spawn(argv[0], argv.slice(1), {
    cwd: root,
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  try {
    const opened = once(child.stdout, 'data').then(([text]) => String(text).trim());
    const said = await Promise.race([opened, once(child, 'exit').then(() => 'ended')]);
    if (said !== 'open') throw new Error(`the client ${said}`);
    await sleep(SETTLED);
    return sum(processTree(child.pid).map(({ pid }) => (isClient(pid) ? 0 : residentIn(pid))));
  } finally {
    child.stdin.end();
    killTree(child);
  }
}

function isClient(pid) {
  const [program, script] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return program === process.execPath && script === client;
}

/* MiB (proc_pid_status(5)). */
function residentIn(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
