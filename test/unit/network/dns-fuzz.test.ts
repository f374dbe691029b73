import { fuzzDns } from './dns-fuzz.ts';

/* Longer: SRT_FUZZ_ROUNDS=10000000 SRT_FUZZ_SEED=7 npx jest test/unit/network/dns-fuzz */
const rounds = Number(process.env.SRT_FUZZ_ROUNDS ?? 15_000);
const seed = Number(process.env.SRT_FUZZ_SEED ?? 20261120);

test(
  `the name service survives ${rounds} damaged messages`,
  async () => {
    const counts = await fuzzDns(rounds, seed);
    /* Every kind of answer is among them: the messages are not all refused at the door. */
    expect(Object.keys(counts).sort()).toEqual(['0', '1', '16', '2', '3', '4', '5', 'none'].sort());
  },
  24 * 3600 * 1000,
);
