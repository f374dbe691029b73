/* Threat: what protects a project leaves something of its own there, for the next run to trip over or the
 * command to take over: a mount point that is seen, an empty file for a name, half a file when srt is
 * killed. A process of the host lists the tree, to the nanosecond. `npm run soak` does so more often. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { marked, nothingLeft } from '../support/processes.ts';
import { seeded } from '../support/seeded.ts';
import { type Scratch, SRT, scratch } from '../support/srt.ts';
import { listTree } from './support/tree.ts';

const KILLS = Number(process.env.SRT_KILLS ?? 60);
const AT_ONCE = 6;
const instant = seeded(KILLS);
/* What the command may write is in one folder, which is left out. */
const LINE = `echo begun; for name in .mcp.json .git/hooks/post-commit free/.vscode .github/hooks; do
  mkdir $name; echo x > $name; ln -s free $name; mv free/file $name; done 2> /dev/null
  echo x > free/made; echo done; sleep 60`;

describe('as the host sees it, the project', () => {
  let dir: Scratch;
  let work: string;
  let settings: string;
  let before: string[];
  const list = () => listTree(work, (name) => name === 'free');
  beforeEach(() => {
    dir = scratch();
    work = join(dir.path, 'work');
    for (const name of [
      '.git/config',
      '.git/hooks/pre-commit',
      '.env',
      'package.json',
      'free/file',
    ])
      dir.file(`work/${name}`, name);
    settings = dir.settings({
      filesystem: {
        allowWrite: ['.'],
        denyWrite: ['./.env', './missing', './**/*.lock'],
        denyRead: ['./package.json'],
      },
    });
    before = list();
  });
  afterEach(() => dir.remove());

  const start = (env = process.env) =>
    spawn(SRT, ['-s', settings, '--', 'sh', '-c', LINE], {
      cwd: work,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  test('is the same while a command runs, and after', async () => {
    const child = start();
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    while (!printed.includes('done')) await once(child.stdout, 'data');
    const during = list();
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(during).toEqual(before);
    expect(list()).toEqual(before);
    /* The control: the command did write, where it may. */
    expect(listTree(join(work, 'free')).join()).toContain('"made"');
  });

  test(`is the same whenever srt is killed, ${KILLS} times`, async () => {
    const kill = async () => {
      const mark = marked();
      const child = start({ ...process.env, ...mark });
      await sleep(instant(150));
      child.kill('SIGKILL');
      return nothingLeft(child.pid ?? 0, mark);
    };
    for (let killed = 0; killed < KILLS; killed += AT_ONCE) {
      const left = await Promise.all(Array.from({ length: AT_ONCE }, kill));
      expect(left.flat()).toEqual([]);
      expect(list()).toEqual(before);
    }
  }, 600_000);
});
