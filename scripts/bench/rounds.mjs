import { median } from './statistics.mjs';

/** Measures every contestant once per round (A B C A B C ...), so that whatever else the machine
 * does meets them all alike. The first `warmUp` rounds are thrown away, and no round starts after
 * `seconds`. Returns the samples by column; that of an optional contestant which fails is absent. */
export async function interleave(contestants, { rounds, warmUp = 0, seconds, note }, measure) {
  const deadline = performance.now() + seconds * 1000;
  const samples = Object.fromEntries(contestants.map(({ column }) => [column, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    if (round > warmUp && performance.now() > deadline) break;
    for (const contestant of contestants) {
      const { column, optional } = contestant;
      if (!samples[column]) continue;
      try {
        const sample = await measure(contestant, round);
        if (round >= warmUp) samples[column].push(sample);
      } catch (error) {
        if (!optional) throw error;
        delete samples[column];
        note(`${column} is left out of one part: ${error.message}`);
      }
    }
  }
  return samples;
}

/** One figure per column: `summarise` (the median unless told) over `pick` of its samples. */
export function summarise(samples, pick = (sample) => sample, over = median) {
  return Object.fromEntries(
    Object.entries(samples).map(([column, list]) => [column, over(list.map(pick))]),
  );
}

/** One figure per column of `samples`: the median of what each round took beyond `baseline` in
 * the same round, which a slow minute of the machine disturbs less than a difference of medians. */
export function beyond(samples, baseline) {
  return Object.fromEntries(
    Object.entries(samples).map(([column, list]) => [
      column,
      median(list.map((sample, round) => sample - baseline(column)[round])),
    ]),
  );
}
