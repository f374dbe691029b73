import { encode, TEXT_OVERHEAD } from '../../../src/compile/encode.ts';

test('writes numbers with the lowest byte first, and texts with length and NUL', () => {
  const size = 1 + 2 + 4 + 8 + 3 + TEXT_OVERHEAD + 2;
  const bytes = encode(size, (out) => {
    out.u8(0xfe);
    out.u16(0xfedc);
    out.u32(0xfedcba98);
    out.u64(0xfedcba9876543210n);
    out.bytes(Buffer.from([1, 0, 2]));
    out.text(Buffer.from('é'));
  });
  expect([...bytes]).toEqual([
    ...[0xfe, 0xdc, 0xfe, 0x98, 0xba, 0xdc, 0xfe],
    ...[0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe],
    ...[1, 0, 2, 2, 0, 0, 0, 0xc3, 0xa9, 0],
  ]);
});

test.each<['u8' | 'u16' | 'u32', number]>([
  ['u8', 256],
  ['u8', -1],
  ['u16', 65536],
  ['u32', 2 ** 32],
  ['u32', -1],
  ['u32', 0.5],
  ['u32', Number.NaN],
])('%s holds no %d', (width, value) => {
  expect(() => encode(8, (out) => out[width](value))).toThrow(RangeError);
});

test('a size that is too small is a mistake', () => {
  expect(() => encode(7, (out) => out.text(Buffer.from('12345')))).toThrow('out of bounds');
  expect(() => encode(3, (out) => out.u32(1))).toThrow(RangeError);
});
