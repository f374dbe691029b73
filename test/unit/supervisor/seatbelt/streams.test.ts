import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { closed } from '../../../../src/supervisor/seatbelt/streams.ts';

/** Counts what it is given, and takes its time. */
function slow(milliseconds: number) {
  let size = 0;
  const sink = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      size += chunk.length;
      setTimeout(done, milliseconds);
    },
  });
  return { sink, size: () => size };
}

test('what a process has printed is taken to its end, however slowly', async () => {
  const child = spawn('head', ['-c', '2000000', '/dev/zero'], { stdio: 'pipe' });
  const { sink, size } = slow(40);
  child.stdout.pipe(sink);
  await closed(child);
  expect(size()).toBeGreaterThan(2_000_000 - 65_537);
  await new Promise<void>((done) => sink.on('finish', () => done()));
  expect(size()).toBe(2_000_000);
});

test('what it has left behind with its output open is not waited for', async () => {
  const child = spawn('sh', ['-c', 'echo out; sleep 300 & echo $!'], { stdio: 'pipe' });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await closed(child);
  const [first, pid] = text.split('\n');
  expect(first).toBe('out');
  /* Fails where it is gone: then this would show nothing. */
  process.kill(Number(pid), 'SIGKILL');
});
