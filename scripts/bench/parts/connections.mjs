import { join } from 'node:path';
import { runToEnd } from '../child.mjs';
import { root } from '../contestants.mjs';
import { interleave, summarise } from '../rounds.mjs';
import { startOrigin } from '../servers.mjs';
import { sum } from '../statistics.mjs';
import { timesBetter } from '../table.mjs';

const client = join(root, 'scripts/bench/inside/connections.mjs');

/** The two ways through an HTTP proxy, by what a client asks it for. */
const WAYS = { request: 'http://', tunnel: 'CONNECT' };

/** What one more connection through the proxy costs, alone and among others. The client starts in
 * the checkout, which every sandbox shows even where it lies below /tmp. */
export async function measureConnections({ quick, note, direct, wrappers }) {
  const origin = await startOrigin();
  const loads = {
    alone: { count: quick ? 60 : 3000, parallel: 1, seconds: 4 },
    crowd: { count: quick ? 300 : 12_000, parallel: 32, seconds: 4 },
  };
  const run = async (one, way, load) => {
    const task = { way: one === direct ? 'direct' : way, port: origin.port, ...load };
    const argv = one.wrap([process.execPath, client, JSON.stringify(task)], 'network');
    return JSON.parse((await runToEnd(argv, { cwd: root })).stdout);
  };
  const rows = [];
  try {
    for (const [way, name] of Object.entries(WAYS)) {
      const limits = { rounds: quick ? 1 : 3, seconds: 100, note };
      const samples = await interleave([direct, ...wrappers], limits, async (one) => ({
        alone: await run(one, way, loads.alone),
        crowd: await run(one, way, loads.crowd),
      }));
      noteFailures(note, name, samples);
      rows.push(...rowsOf(name, samples));
    }
    return rows;
  } finally {
    origin.close();
  }
}

function rowsOf(name, samples) {
  const row = (what, pick, better, digits) => ({
    what: `new ${name} connection, ${what}`,
    figures: summarise(samples, pick),
    better,
    digits,
    budget: timesBetter(4),
  });
  return [
    row('p50 ms', ({ alone }) => alone.p50, 'less', 2),
    row('per second', ({ alone }) => alone.perSecond, 'more', 0),
    row('32 at once, p50 ms', ({ crowd }) => crowd.p50, 'less', 2),
    row('32 at once, per second', ({ crowd }) => crowd.perSecond, 'more', 0),
  ];
}

function noteFailures(note, name, samples) {
  for (const [column, list] of Object.entries(samples)) {
    const runs = list.flatMap(({ alone, crowd }) => [alone, crowd]);
    const failed = sum(runs.map((run) => run.failed));
    const reason = runs.find((run) => run.failure)?.failure;
    if (failed > 0) note(`${column}: ${failed} new ${name} connections failed, first: ${reason}`);
  }
}
