import { join } from 'node:path';
import { runToEnd } from '../child.mjs';
import { root } from '../contestants.mjs';
import { interleave, summarise } from '../rounds.mjs';
import { startSource } from '../servers.mjs';
import { all, atLeast, timesBetter } from '../table.mjs';

const client = join(root, 'scripts/bench/inside/tunnel.mjs');

/** How fast one download through a CONNECT tunnel is, against loopback without anything between. */
export async function measureTunnel({ quick, note, direct, wrappers }) {
  const source = await startSource();
  const bytes = quick ? 200e6 : 1e9;
  const limits = { rounds: quick ? 1 : 3, seconds: 20, note };
  try {
    const samples = await interleave([direct, ...wrappers], limits, async (one) => {
      const task = { direct: one === direct, port: source.port, bytes, seconds: 8 };
      const argv = one.wrap([process.execPath, client, JSON.stringify(task)], 'network');
      const { counted, megabytesPerSecond } = JSON.parse(
        (await runToEnd(argv, { cwd: root })).stdout,
      );
      if (counted === 0) throw new Error('the tunnel carried nothing');
      return megabytesPerSecond;
    });
    const figures = summarise(samples);
    /* Where loopback itself is slower than 2,500 MB/s, so much less is due. */
    const due = Math.round(Math.min(1000, figures.control / 2.5));
    const budget = all(atLeast(due), timesBetter(2));
    return [{ what: 'one tunnel, MB/s', figures, better: 'more', budget }];
  } finally {
    source.close();
  }
}
