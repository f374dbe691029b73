import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export const SCRIPT = '/usr/bin/script';

/** Types into a command on a terminal of its own (script(1)) and returns all it showed. Each
 * step waits for a text, then sends keys. */
export async function onTerminal(
  line: string,
  steps: readonly [string, string][],
): Promise<string> {
  const child = spawn(SCRIPT, ['-qec', line, '/dev/null'], {
    stdio: 'pipe',
    env: { ...process.env, TERM: 'dumb' },
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const end = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  let from = 0;
  for (const [text, keys] of steps) {
    for (let i = 0; i < 400 && !shown.includes(text, from); i++) await sleep(20);
    if (!shown.includes(text, from)) throw new Error(`no ${JSON.stringify(text)} in ${shown}`);
    from = shown.indexOf(text, from) + text.length;
    child.stdin.write(keys);
  }
  await end;
  clearTimeout(timer);
  return shown.replaceAll('\r', '');
}
