/* Seeded and bounded fuzzing: the same inputs in every run, and a time after which it is enough. */

import { FUZZ_FACTOR, pick, type Random, seeded } from '../../support/seeded.ts';

/** A few bytes changed, removed, doubled or put in. */
export function mutate(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(result.length + 1);
    const byte = Buffer.from([pick(random, [0, 1, 2, 22, 0x7f, 0x80, 0xff, random(256)])]);
    const skip = pick(random, [0, 1, 1, 1, random(9)]);
    const put = pick(random, [byte, byte, byte.subarray(1), result.subarray(at, at + 8)]);
    result = Buffer.concat([result.subarray(0, at), put, result.subarray(at + skip)]);
  }
  return result;
}

/** Calls `act` with one random source per round, for `rounds` or a second, or as many times that as
 * FUZZ_FACTOR says. A failure names its seed. */
export function fuzz(rounds: number, act: (random: Random) => void): void {
  const until = performance.now() + 1000 * FUZZ_FACTOR;
  for (let seed = 1; seed <= rounds * FUZZ_FACTOR && performance.now() < until; seed++) {
    try {
      act(seeded(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
