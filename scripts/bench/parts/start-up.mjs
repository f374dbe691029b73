import { runToEnd } from '../child.mjs';
import { beyond, interleave, summarise } from '../rounds.mjs';
import { percentile } from '../statistics.mjs';
import { atMost, timesBetter } from '../table.mjs';

/** How long `true` takes in each wrapper, and Node by itself, which is the floor of both srts. */
export async function measureStartUp({ quick, temporary, note, direct, bubblewrap, wrappers }) {
  const limits = { rounds: quick ? 6 : 40, warmUp: quick ? 1 : 2, seconds: 30, note };
  const samples = await interleave([direct, bubblewrap, ...wrappers], limits, async (one) => {
    const command = one === direct ? [process.execPath, '-e', '0'] : ['true'];
    return (await runToEnd(one.wrap(command, 'network'), { cwd: temporary })).milliseconds;
  });
  const { control, bwrap: _, ...srts } = samples;
  const p95 = summarise(samples, undefined, (list) => percentile(list, 0.95));
  return [
    { what: 'start, p50 ms', figures: summarise(samples), digits: 1, budget: timesBetter(4) },
    { what: 'start, p95 ms', figures: p95, digits: 1 },
    {
      what: 'start beyond `node -e 0`, ms',
      figures: beyond(srts, () => control),
      digits: 1,
      budget: atMost(15, ' ms'),
    },
  ];
}
