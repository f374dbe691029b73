import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, runAnyway } from '../child.mjs';
import { interleave, summarise } from '../rounds.mjs';
import { sum } from '../statistics.mjs';
import { atMost } from '../table.mjs';

const CROWD = 20;

/** A client that starts all servers of its configuration at once, in the folder of one project
 * that they may write. */
export async function measureCrowd({ quick, temporary, note, wrappers }) {
  const limits = { rounds: quick ? 1 : 3, seconds: 20, note };
  const samples = await interleave(wrappers, limits, async (one) => {
    /* A folder of its own, because a run may leave files behind that change the next. */
    const cwd = mkdtempSync(join(temporary, 'crowd-'));
    const begun = performance.now();
    const argv = one.wrap(['true'], 'project');
    const starts = Array.from({ length: CROWD }, () => runAnyway(argv, { cwd }));
    const ended = await Promise.all(starts);
    const failed = ended.filter(({ code }) => code !== 0);
    return {
      milliseconds: performance.now() - begun,
      failed: failed.length,
      reason: failed[0] && reasonOf(failed[0]),
    };
  });
  for (const [column, list] of Object.entries(samples)) {
    const reason = list.find((sample) => sample.reason)?.reason;
    if (reason) note(`${CROWD} starts at once, ${column}: ${reason}`);
  }
  const rounds = Math.max(...Object.values(samples).map((list) => list.length));
  return [
    {
      what: `${CROWD} starts at once, failures in ${rounds * CROWD}`,
      figures: summarise(samples, ({ failed }) => failed, sum),
      budget: atMost(0),
    },
    {
      what: `${CROWD} starts at once, ms for all`,
      figures: summarise(samples, ({ milliseconds }) => milliseconds),
    },
  ];
}
