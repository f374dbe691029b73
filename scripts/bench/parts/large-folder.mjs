import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../child.mjs';
import { beyond, interleave, summarise } from '../rounds.mjs';
import { atMost } from '../table.mjs';

/* What two medians of the same thing differ by on a busy machine. */
const NOISE_MS = 3;
const FILES_PER_FOLDER = 200;

/** A start must not take longer because the project is large. */
export async function measureLargeFolder({ quick, temporary, note, wrappers }) {
  const count = quick ? 4_000 : 40_000;
  const folders = { empty: join(temporary, 'empty'), large: join(temporary, 'large') };
  mkdirSync(folders.empty);
  fill(folders.large, count);
  const limits = { rounds: quick ? 4 : 20, warmUp: 1, seconds: 20, note };
  const samples = await interleave(wrappers, limits, async (one, round) => {
    const argv = one.wrap(['true'], 'project');
    const start = async (cwd) => (await runToEnd(argv, { cwd })).milliseconds;
    const sample = {};
    /* In turns, because whoever comes second finds the machine quieter. */
    for (const key of round % 2 ? ['empty', 'large'] : ['large', 'empty'])
      sample[key] = await start(folders[key]);
    return sample;
  });
  const by = (key) =>
    Object.fromEntries(
      Object.entries(samples).map(([column, list]) => [column, list.map((one) => one[key])]),
    );
  const starts = { empty: by('empty'), large: by('large') };
  return [
    { what: 'start in an empty folder, ms', figures: summarise(starts.empty), digits: 1 },
    { what: `start among ${count} files, ms`, figures: summarise(starts.large), digits: 1 },
    {
      what: 'start beyond the empty folder, ms',
      figures: beyond(starts.large, (column) => starts.empty[column]),
      digits: 1,
      better: 'neither',
      budget: atMost(NOISE_MS, ' ms'),
    },
  ];
}

/** Two levels, as a project has them, and shallow enough for every tool to look at them all. */
function fill(folder, count) {
  for (let made = 0; made < count; made++) {
    const below = join(folder, `d${Math.floor(made / FILES_PER_FOLDER)}`);
    if (made % FILES_PER_FOLDER === 0) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `f${made}`), '');
  }
}
