import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, marked, nothingLeft, stillAlive } from '../support/processes.ts';
import { type Scratch, SRT, SRT_ALONE, scratch } from '../support/srt.ts';

/* One leaves the session, one ignores SIGHUP, one is just left behind. */
const TREE = 'sleep 300 & (setsid sleep 300 &) ; nohup sleep 300 >/dev/null 2>&1 & wait';

function startTree(srt: string, cwd: string, env = process.env): number {
  const argv = ['--', 'sh', '-c', TREE];
  const child = spawn(srt, argv, { detached: true, stdio: 'ignore', cwd, env });
  return child.pid as number;
}

const COMMAND = ['sh', 'sleep', 'sleep', 'sleep', 'srt-init'];

/** The tree once it is complete. Where the front started it, bubblewrap goes a moment later. */
async function grown(root: number, other: string): Promise<number[]> {
  const complete = [...COMMAND, other].sort().join();
  for (let i = 0; i < 200; i++, await sleep(20))
    if (descendants(root).map(nameOf).sort().join() === complete) break;
  return descendants(root);
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/* What belongs to srt besides the process that was started, and srt-init. */
describe.each([
  ['srt', SRT, 'node'],
  ['srt without its front', SRT_ALONE, 'bwrap'],
])('nothing outlives %s', (_name, srt, other) => {
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
    const session = startTree(srt, work, { ...process.env, TMPDIR: temporary });
    const tree = await grown(session, other);
    expect(tree.map(nameOf).sort()).toEqual([...COMMAND, other].sort());
    process.kill(session, 'SIGKILL');
    expect(await stillAlive([session, ...tree])).toEqual([]);
    expect([...readdirSync(work), ...readdirSync(temporary)]).toEqual([]);
  });

  test('SIGKILL at any instant of the start leaves no process', async () => {
    const killed: [number, ReturnType<typeof marked>][] = [];
    for (let delay = 0; delay < 150; delay += 6) {
      const mark = marked();
      const session = startTree(srt, dir.path, { ...process.env, ...mark });
      await sleep(delay);
      process.kill(session, 'SIGKILL');
      killed.push([session, mark]);
    }
    for (const [session, mark] of killed) expect(await nothingLeft(session, mark)).toEqual([]);
  });

  test.each([other, 'srt-init'])('SIGKILL of %s alone ends the sandbox and srt', async (name) => {
    const session = startTree(srt, dir.path);
    const tree = await grown(session, other);
    process.kill(tree.find((pid) => nameOf(pid) === name) ?? 0, 'SIGKILL');
    expect(await stillAlive([session, ...tree])).toEqual([]);
  });

  test('the end of the command ends what it left in the background', async () => {
    const argv = ['--', 'sh', '-c', '(setsid sleep 300 &); sleep 0.5'];
    const child = spawn(srt, argv, { stdio: 'ignore' });
    const exit = new Promise((resolve) => child.on('exit', resolve));
    await sleep(150);
    const tree = descendants(child.pid as number);
    expect(await exit).toBe(0);
    expect(await stillAlive(tree, 0)).toEqual([]);
  });
});
