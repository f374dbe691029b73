import { join } from 'node:path';
import { runToEnd } from '../child.mjs';
import { root } from '../contestants.mjs';
import { interleave, summarise } from '../rounds.mjs';

const client = join(root, 'scripts/bench/inside/system-calls.mjs');

/** What the filter costs a program that makes no connection: every system call passes it. */
export async function measureSystemCalls({ quick, note, direct, wrappers }) {
  const count = quick ? 100_000 : 1_000_000;
  const limits = { rounds: quick ? 1 : 5, seconds: 40, note };
  const samples = await interleave([direct, ...wrappers], limits, async (one) => {
    const argv = one.wrap([process.execPath, client, String(count)], 'network');
    return Number((await runToEnd(argv, { cwd: root })).stdout);
  });
  return [{ what: 'one fstat of a Node program, ns', figures: summarise(samples) }];
}
