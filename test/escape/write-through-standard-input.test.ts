/* Threat: "srt tool < file" opens the file for reading only. But the descriptor keeps the mount it
 * was opened on, the host's, which is writable: /proc/self/fd/0 opens it once more for writing, and
 * fchmod(2) and its like need no more than the descriptor itself.
 * Known and open: docs/security.md names it, and these tests fail the day it is shut. */
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { type Scratch, scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';

const PROBE = `
const fs = require('node:fs');
print({
  read: attempt(() => fs.readSync(0, Buffer.alloc(4))),
  append: attempt(() => fs.appendFileSync('/proc/self/fd/0', 'evil')),
  truncate: attempt(() => fs.truncateSync('/proc/self/fd/0')),
  chmod: attempt(() => fs.fchmodSync(0, 0o777)),
  times: attempt(() => fs.futimesSync(0, 1, 1)),
});
`;

describe('a file outside every write root as standard input', () => {
  let dir: Scratch;
  let file: string;
  const seen: Record<string, Record<string, string>> = {};
  const after: Record<string, { text: string; mode: number }> = {};
  beforeAll(async () => {
    dir = scratch();
    for (const [name, place] of [
      ['inside', []],
      ['outside', null],
    ] as const) {
      file = dir.file(name, 'original');
      const stdin = openSync(file, 'r');
      seen[name] = await evaluate(PROBE, null, { srt: place, stdio: [stdin, 'pipe', 'pipe'] });
      closeSync(stdin);
      after[name] = { text: readFileSync(file, 'utf8'), mode: statSync(file).mode & 0o777 };
    }
  });
  afterAll(() => dir.remove());

  test('can be read', () => expect(seen.inside?.read).toBe('ok'));

  test('can be changed outside: the control', () => {
    expect(seen.outside).toMatchObject({ append: 'ok', truncate: 'ok', chmod: 'ok', times: 'ok' });
  });

  test.failing.each([
    'append',
    'truncate',
    'chmod',
    'times',
  ])('does not open a way to %s', (act) => {
    expect(seen.inside?.[act]).toMatch(/^(EROFS|EACCES|EPERM)$/);
  });

  test.failing('is as it was', () => {
    expect(after.outside).toEqual({ text: '', mode: 0o777 });
    expect(after.inside?.text).toBe('original');
    expect(after.inside?.mode).not.toBe(0o777);
  });
});
