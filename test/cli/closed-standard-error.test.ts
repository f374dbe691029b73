import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SRT } from '../support/srt.ts';

/* A client may close the pipe for a server's messages, which is no reason to end the server. */
test('the command runs on when nobody reads what srt says', async () => {
  const words = ['--debug', '--', 'sh', '-c', 'read line; exit 7'];
  const child = spawn(SRT, words, { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stderr.destroy();
  const exited = once(child, 'exit');
  setTimeout(() => child.stdin.end('go\n'), 500);
  expect(await exited).toEqual([7, null]);
});
