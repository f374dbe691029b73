import { closeSync, fstatSync, readFileSync, readlinkSync } from 'node:fs';
import { openMemoryFile } from '../../../src/supervisor/memory-file.ts';

let fd = -1;
afterEach(() => closeSync(fd));

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a few bytes', Buffer.from([0, 255, 10, 0])],
  ['much', Buffer.alloc(3_000_000, 'srt\0')],
])('%s can be read from the start', (_what, bytes) => {
  fd = openMemoryFile(bytes);
  expect(readFileSync(fd).equals(bytes)).toBe(true);
});

test('has no name, and is for its owner alone', () => {
  fd = openMemoryFile(Buffer.from('x'));
  expect(readlinkSync(`/proc/self/fd/${fd}`)).toMatch(/ \(deleted\)$/);
  expect(fstatSync(fd).nlink).toBe(0);
  expect(fstatSync(fd).mode & 0o777).toBe(0o600);
});
