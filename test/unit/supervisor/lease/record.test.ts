import {
  announcementLine,
  madeLine,
  parseRecord,
} from '../../../../src/supervisor/lease/record.ts';

const FOLDERS = [
  {
    path: '/work\n"',
    device: 2n ** 63n,
    inode: 2n ** 64n - 1n,
    uses: ['a', 'b'],
    makes: [{ name: 'a', kind: 'file', content: '{}\n' } as const],
  },
];
const FIRST = announcementLine('boot', FOLDERS);
const SECOND = madeLine(new Map([['1:2/a', 2n ** 64n - 1n]]));

test('a record is what was written, number by number', () => {
  expect(parseRecord(FIRST + SECOND)).toEqual({
    boot: 'boot',
    folders: FOLDERS,
    made: new Map([['1:2/a', 2n ** 64n - 1n]]),
  });
});

test.each([
  ['nothing', ''],
  ['half a line', FIRST.slice(0, -1)],
  ['zeros', '\0\0\0\0'],
  ['zeros in a line', '\0\0\0\n'],
])('of %s nothing was made', (_, text) => {
  expect(parseRecord(text)).toBeNull();
});

test.each([
  ['no second line', ''],
  ['half of it', SECOND.slice(0, -1)],
  ['zeros', '\0\0\n'],
])('with %s nobody knows what was', (_, text) => {
  expect(parseRecord(FIRST + text)).toEqual({ boot: 'boot', folders: FOLDERS, made: null });
});
