import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, sessionEmpty, stillAlive } from '../support/processes.ts';
import { type Scratch, SRT, scratch } from '../support/srt.ts';

/* One leaves the session, one ignores SIGHUP, one is just left behind. */
const TREE = 'sleep 300 & (setsid sleep 300 &) ; nohup sleep 300 >/dev/null 2>&1 & wait';

function startTree(cwd: string, env = process.env): number {
  const argv = [SRT, '--', 'sh', '-c', TREE];
  const child = spawn(process.execPath, argv, { detached: true, stdio: 'ignore', cwd, env });
  return child.pid as number;
}

/** The tree once it is complete: bubblewrap, srt-init, a shell and three sleeps. */
async function grown(root: number): Promise<number[]> {
  for (let i = 0; i < 200 && descendants(root).length < 6; i++) await sleep(20);
  return descendants(root);
}

describe('nothing outlives srt', () => {
  let dir: Scratch;
  beforeAll(() => {
    dir = scratch();
  });
  afterAll(() => dir.remove());

  test('the control: without srt a background process outlives its parent', async () => {
    const child = spawn('sh', ['-c', 'sleep 300 & wait'], { stdio: 'ignore' });
    await sleep(300);
    const tree = descendants(child.pid as number);
    child.kill('SIGKILL');
    const left = await stillAlive(tree, 300);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    expect(left.length).toBeGreaterThan(0);
  });

  test('SIGKILL of srt ends the whole tree and leaves no file', async () => {
    const temporary = dir.folder('tmp');
    const work = dir.folder('work');
    const session = startTree(work, { ...process.env, TMPDIR: temporary });
    const tree = await grown(session);
    expect(tree).toHaveLength(6);
    process.kill(session, 'SIGKILL');
    expect(await stillAlive([session, ...tree])).toEqual([]);
    expect([...readdirSync(work), ...readdirSync(temporary)]).toEqual([]);
  });

  test('SIGKILL at any instant of the start leaves no process', async () => {
    const sessions: number[] = [];
    for (let delay = 0; delay < 150; delay += 6) {
      const session = startTree(dir.path);
      await sleep(delay);
      process.kill(session, 'SIGKILL');
      sessions.push(session);
    }
    for (const session of sessions) expect(await sessionEmpty(session)).toEqual([]);
  });

  test('SIGKILL of bubblewrap alone ends the sandbox and srt', async () => {
    const session = startTree(dir.path);
    const tree = await grown(session);
    const bubblewrap = Math.min(...tree);
    process.kill(bubblewrap, 'SIGKILL');
    expect(await stillAlive([session, ...tree])).toEqual([]);
  });

  test('the end of the command ends what it left in the background', async () => {
    const argv = [SRT, '--', 'sh', '-c', '(setsid sleep 300 &); sleep 0.5'];
    const child = spawn(process.execPath, argv, { stdio: 'ignore' });
    const exit = new Promise((resolve) => child.on('exit', resolve));
    await sleep(150);
    const tree = descendants(child.pid as number);
    expect(await exit).toBe(0);
    expect(await stillAlive(tree, 0)).toEqual([]);
  });
});
