import { FUZZ_FACTOR } from '../../../support/seeded.ts';
import { fuzzDns } from './dns-fuzz.ts';

const rounds = 15_000 * FUZZ_FACTOR;
const seed = 20261120;

test(
  `the name service survives ${rounds} damaged messages`,
  async () => {
    const counts = await fuzzDns(rounds, seed);
    /* Every kind of answer is among them: the messages are not all refused at the door. */
    expect(Object.keys(counts).sort()).toEqual(['0', '1', '16', '2', '3', '4', '5', 'none'].sort());
  },
  24 * 3600 * 1000,
);
