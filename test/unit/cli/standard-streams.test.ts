import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { standardStream } from '../../../src/cli/standard-streams.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

test('writes in order, and says when all is written', async () => {
  const file = dir.file('out', '');
  const fd = openSync(file, 'w');
  const stream = standardStream(fd);
  await stream.flush();
  for (const text of ['a', 'b\n', '\u00e9']) stream.write(text);
  await stream.flush();
  closeSync(fd);
  expect(readFileSync(file, 'utf8')).toBe('ab\n\u00e9');
});

/** Both ends of a named pipe that never block. */
function pipe(): { from: number; to: number } {
  const path = `${dir.path}/pipe`;
  spawnSync('mkfifo', [path]);
  const flags = constants.O_NONBLOCK;
  return { from: openSync(path, flags), to: openSync(path, constants.O_WRONLY | flags) };
}

test('waits for who is slow where a write does not', async () => {
  const { from, to } = pipe();
  const stream = standardStream(to);
  const text = 'x'.repeat(300_000);
  stream.write(text);
  let done = false;
  const flushed = stream.flush().then(() => {
    done = true;
  });
  let got = 0;
  while (got < text.length) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    /* A pipe holds 64 KiB. */
    if (got < text.length - 100_000) expect(done).toBe(false);
    got += readSync(from, Buffer.alloc(70_000));
  }
  await flushed;
  for (const fd of [from, to]) closeSync(fd);
});

test('has written all there is to be written where nobody reads any more', async () => {
  const { from, to } = pipe();
  closeSync(from);
  const stream = standardStream(to);
  stream.write('x');
  await stream.flush();
  stream.write('y');
  await stream.flush();
  closeSync(to);
});

test('keeps so much of what nobody reads, and says how much it did not', async () => {
  const { from, to } = pipe();
  const stream = standardStream(to);
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 5000; count++) stream.write(line);
  let done = false;
  const flushed = stream.flush().then(() => {
    done = true;
  });
  let text = '';
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    try {
      const room = Buffer.alloc(65_536);
      text += room.toString('latin1', 0, readSync(from, room));
    } catch {}
  }
  await flushed;
  for (const fd of [from, to]) closeSync(fd);
  const kept = text.split(line).length - 1;
  expect(kept).toBeGreaterThanOrEqual(4096);
  expect(text.endsWith(`srt: ${5000 - kept} messages were left out here\n`)).toBe(true);
});
