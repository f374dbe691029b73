/* Seeded and bounded fuzzing: the same inputs in every run, and a time after which it is enough. */

export type Random = () => number;

/** Numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const below = (random: Random, end: number): number => Math.floor(random() * end);

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}

/** A few bytes changed, removed, doubled or put in. */
export function mutate(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + below(random, 4); times > 0; times--) {
    const at = below(random, result.length + 1);
    const byte = Buffer.from([pick(random, [0, 1, 2, 22, 0x7f, 0x80, 0xff, below(random, 256)])]);
    const skip = pick(random, [0, 1, 1, 1, below(random, 9)]);
    const put = pick(random, [byte, byte, byte.subarray(1), result.subarray(at, at + 8)]);
    result = Buffer.concat([result.subarray(0, at), put, result.subarray(at + skip)]);
  }
  return result;
}

/** Calls `act` with one random source per round, for `rounds` or a second. A failure names its seed. */
export function fuzz(rounds: number, act: (random: Random) => void): void {
  const until = performance.now() + 1000;
  for (let seed = 1; seed <= rounds && performance.now() < until; seed++) {
    try {
      act(seeded(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
