import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, SRT, SRT_ALONE } from '../support/srt.ts';

/* Answers every signal with its name, and SIGTERM by leaving. */
const LISTENER = `
for (const name of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'])
  process.on(name, () => console.log(name));
process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(42); });
setInterval(() => {}, 1000);
console.log('ready');
`;

function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => reject(new Error(`no ${text} in ${seen}`)), 10_000);
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (!seen.includes(text)) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

const START: [string, string[]][] = [
  ['without srt', []],
  ['with srt', [SRT, '--']],
  ['with srt without its front', [SRT_ALONE, '--']],
];

function start(
  prefix: readonly string[],
  command: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const [program = '', ...args] = [...prefix, ...command];
  return spawn(program, args, { stdio: 'pipe', ...options });
}

describe.each(START)('%s', (name, prefix) => {
  test('each signal reaches the command once, and its exit status comes back', async () => {
    const child = start(prefix, [process.execPath, '-e', LISTENER]);
    const end = ended(child);
    await printed(child, 'ready');
    for (const sent of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const) {
      const answer = printed(child, sent);
      child.kill(sent);
      await answer;
    }
    child.kill('SIGTERM');
    const { code, signal, stdout } = await end;
    expect({ code, signal }).toEqual({ code: 42, signal: null });
    expect(stdout.trim().split('\n')).toEqual([
      'ready',
      'SIGINT',
      'SIGHUP',
      'SIGQUIT',
      'SIGUSR1',
      'SIGUSR2',
      'SIGWINCH',
      'SIGTERM',
    ]);
  });

  test('one that is sent to the whole group reaches the command once', async () => {
    const child = start(prefix, [process.execPath, '-e', LISTENER], { detached: true });
    const end = ended(child);
    await printed(child, 'ready');
    const answer = printed(child, 'SIGUSR1');
    process.kill(-(child.pid ?? 0), 'SIGUSR1');
    await answer;
    await sleep(200);
    child.kill('SIGTERM');
    const { code, stdout } = await end;
    expect([code, stdout.trim().split('\n')]).toEqual([42, ['ready', 'SIGUSR1', 'SIGTERM']]);
  });

  /* SIGWINCH ends nobody who does not know it. Ten thousand a second, because Node drops what comes faster
   * than it reads, the end of a child included. */
  test('signals that arrive as it ends leave its exit status alone', async () => {
    for (let round = 0; round < 30; round++) {
      const child = start(prefix, ['sh', '-c', 'echo ready; sleep 0.02; exit 7']);
      const end = ended(child);
      await printed(child, 'ready');
      let next = process.hrtime.bigint();
      const flood = () => {
        if (process.hrtime.bigint() > next) {
          if (!child.kill('SIGWINCH')) return;
          next = process.hrtime.bigint() + 100_000n;
        }
        setImmediate(flood);
      };
      flood();
      const { code, stderr } = await end;
      expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
    }
  });

  test('a command that does not handle SIGTERM dies of it', async () => {
    const child = start(prefix, ['sh', '-c', 'echo ready; exec sleep 60']);
    const end = ended(child);
    await printed(child, 'ready');
    child.kill('SIGTERM');
    const { code, signal } = await end;
    /* srt cannot die of the signal as the command does; it says 128+15. */
    const expected = name !== 'without srt' ? [143, null] : [null, 'SIGTERM'];
    expect([code, signal]).toEqual(expected);
  });
});
