import { isIPv4 } from 'node:net';
import { isCanonicalIPv4 } from '../../../src/policy/ipv4.ts';
import { FUZZ_FACTOR, pick, seeded } from '../../support/seeded.ts';

test.each([
  ['0.0.0.0', true],
  ['255.255.255.255', true],
  ['192.0.2.1', true],
  ['256.0.2.1', false],
  ['192.0.2.01', false],
  ['192.0.2', false],
  ['192.0.2.1.5', false],
  ['192.0.2.1.', false],
  ['192.0.2.', false],
  ['0x7f.0.0.1', false],
  ['1e1.0.0.1', false],
  [' 192.0.2.1', false],
  ['192.0.2.1\n', false],
  ['', false],
])('%j: %s', (text, expected) => {
  expect(isCanonicalIPv4(text)).toBe(expected);
});

const PARTS = [
  '0',
  '1',
  '25',
  '255',
  '256',
  '00',
  '01',
  '1234',
  '',
  'a',
  '0x1',
  ' 1',
  '1\n',
  '٣',
  '+1',
];

test('says what Node says', () => {
  for (let seed = 0; seed < 5000 * FUZZ_FACTOR; seed++) {
    const random = seeded(seed);
    const parts = Array.from({ length: 2 + random(4) }, () =>
      pick(random, PARTS.slice(0, 3 + random(13))),
    );
    const text = parts.join('.');
    expect([seed, text, isCanonicalIPv4(text)]).toEqual([seed, text, isIPv4(text)]);
  }
});
