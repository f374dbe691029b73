import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { environment, runToEnd } from '../child.mjs';
import { root } from '../contestants.mjs';
import { interleave, summarise } from '../rounds.mjs';
import { ownAddress, startOrigin } from '../servers.mjs';
import { sum } from '../statistics.mjs';
import { all, atLeast, atMost, timesBetter } from '../table.mjs';

const client = join(root, 'scripts/bench/inside/connections.mjs');

/** The two ways through an HTTP proxy, by what a client asks it for. */
const WAYS = { request: 'http://', tunnel: 'CONNECT' };

/** What no proxy in Node goes below. */
async function startRelay() {
  const child = spawn(process.execPath, [join(root, 'scripts/bench/relay.mjs')], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout.setEncoding('utf8'), 'data');
  const env = { ...environment, HTTP_PROXY: `http://127.0.0.1:${port.trim()}` };
  return { column: 'relay', wrap: (command) => command, env, close: () => child.stdin.end() };
}

/** What one more connection through the proxy costs, alone and among others. The client starts in
 * the checkout, which every sandbox shows even where it lies below /tmp. */
export async function measureConnections({ quick, note, direct, wrappers }) {
  const origin = { host: '127.0.0.1', ...(await startOrigin()) };
  const own = ownAddress();
  const elsewhere = own && { host: own, ...(await startOrigin(own)) };
  const loads = {
    alone: { count: quick ? 60 : 3000, parallel: 1, seconds: 4 },
    crowd: { count: quick ? 300 : 12_000, parallel: 32, seconds: 4 },
  };
  const run = async (one, way, load) => {
    const straight = one === direct || way === 'transparent';
    const { host, port } = way === 'transparent' ? elsewhere : origin;
    const task = { way: straight ? 'direct' : way, host, port, ...load };
    const argv = one.wrap([process.execPath, client, JSON.stringify(task)], 'network');
    return JSON.parse((await runToEnd(argv, { cwd: root, env: one.env })).stdout);
  };
  /** The existing srt has nothing of the kind. */
  const measureTransparent = async (proxied) => {
    const limits = { rounds: quick ? 1 : 3, seconds: 100, note };
    const own = wrappers.filter(({ optional }) => !optional);
    const samples = await interleave([direct, ...own], limits, async (one) => ({
      alone: await run(one, 'transparent', loads.alone),
      crowd: await run(one, 'transparent', loads.crowd),
    }));
    noteFailures(note, 'transparent', samples);
    const connect = proxied.find(({ what }) => what === `new ${WAYS.tunnel} connection, p50 ms`);
    const budget = atMost(Number((connect.figures.srt + 0.15).toFixed(2)), ' (CONNECT + 0.15)');
    return rowsOf('transparent', samples, { alone: budget });
  };
  const rows = [];
  const relay = await startRelay();
  try {
    for (const [way, name] of Object.entries(WAYS)) {
      const limits = { rounds: quick ? 1 : 3, seconds: 100, note };
      const samples = await interleave([direct, relay, ...wrappers], limits, async (one) => ({
        alone: await run(one, way, loads.alone),
        crowd: await run(one, way, loads.crowd),
      }));
      noteFailures(note, name, samples);
      rows.push(...rowsOf(name, samples, BUDGETS[way]));
    }
    if (elsewhere) rows.push(...(await measureTransparent(rows)));
    else note('transparent connections need an address beside loopback, and were left out');
    return rows;
  } finally {
    relay.close();
    elsewhere?.close();
    origin.close();
  }
}

const BUDGETS = {
  request: { alone: timesBetter(4), crowd: timesBetter(4) },
  tunnel: {
    alone: all(atMost(0.6), timesBetter(4)),
    crowd: all(atLeast(3500), timesBetter(4)),
  },
};

function rowsOf(name, samples, budgets) {
  const row = (what, pick, better, digits, budget) => ({
    what: `new ${name} connection, ${what}`,
    figures: summarise(samples, pick),
    better,
    digits,
    budget,
  });
  return [
    row('p50 ms', ({ alone }) => alone.p50, 'less', 2, budgets.alone),
    row('per second', ({ alone }) => alone.perSecond, 'more', 0),
    row('32 at once, p50 ms', ({ crowd }) => crowd.p50, 'less', 2),
    row('32 at once, per second', ({ crowd }) => crowd.perSecond, 'more', 0, budgets.crowd),
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
