import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, stillAlive } from '../support/processes.ts';
import { ended, run, type Scratch, SRT, scratch } from '../support/srt.ts';
import { onTerminal } from '../support/terminal.ts';

const O_CLOEXEC = 0o2000000;

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => dir.remove());

async function ready(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => child.stdout?.once('data', resolve));
}

function named(pids: readonly number[], name: string): number | undefined {
  return pids.find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8') === `${name}\n`;
    } catch {
      return false;
    }
  });
}

/** What there is below it once the program is. */
async function grown(child: ChildProcess, name: string): Promise<number[]> {
  const tree = () => descendants(child.pid as number);
  for (let i = 0; i < 250 && named(tree(), name) === undefined; i++) await sleep(20);
  expect(named(tree(), name)).toBeDefined();
  return tree();
}

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean);

describe('it waits for what it started, and for nobody else', () => {
  test('a child of the shell that became srt', async () => {
    const begun = Date.now();
    const child = spawn('sh', ['-c', `sleep 60 & echo $!; exec ${SRT} -- sh -c 'exit 7'`]);
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk;
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    const before = Number.parseInt(shown, 10);
    expect(await stillAlive([before], 0)).toEqual([before]);
    process.kill(before, 'SIGKILL');
    expect(code).toBe(7);
    expect(Date.now() - begun).toBeLessThan(30_000);
  });
});

describe('where node is a program that starts Node', () => {
  const start = (line: string) => {
    const folder = dir.folder('bin');
    const file = join(folder, 'node');
    writeFileSync(file, `#!/bin/sh\n${process.execPath} "$@"\n`);
    chmodSync(file, 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    return spawn(SRT, ['--', 'sh', '-c', line], { env, stdio: 'pipe' });
  };

  test('a signal reaches the command', async () => {
    const child = start('trap "exit 9" TERM; echo ready; sleep 60 & wait');
    const end = ended(child);
    await ready(child);
    child.kill('SIGTERM');
    expect((await end).code).toBe(9);
  });

  test('nothing outlives srt', async () => {
    const child = start('echo ready; sleep 60');
    const end = ended(child);
    await ready(child);
    const tree = await grown(child, 'sleep');
    child.kill('SIGKILL');
    expect((await end).signal).toBe('SIGKILL');
    expect(await stillAlive(tree, 5000)).toEqual([]);
  });
});

test.each([0, 5, 10, 20, 40])('SIGUSR1 %i ms after the start opens no debugger', async (wait) => {
  const child = spawn(SRT, ['--', 'sh', '-c', 'sleep 10'], { stdio: 'pipe' });
  const end = ended(child);
  await sleep(wait);
  child.kill('SIGUSR1');
  const { code, signal, stderr } = await end;
  /* Of srt, before it takes signals, or of the command. */
  expect({ code, signal, stderr }).toEqual(
    signal
      ? { code: null, signal: 'SIGUSR1', stderr: '' }
      : { code: 138, signal: null, stderr: '' },
  );
});

test('SIGUSR1 to a Node that does not know it opens one: the control', async () => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setTimeout(() => {}, 500)'], {
    stdio: 'pipe',
  });
  const end = ended(child);
  await ready(child);
  child.kill('SIGUSR1');
  expect((await end).stderr).toMatch(/Debugger listening|address already in use/);
});

test('a srt-init that is stopped ends with srt', async () => {
  const child = spawn(SRT, ['--', 'sh', '-c', 'echo ready; sleep 60'], { stdio: 'pipe' });
  const end = ended(child);
  await ready(child);
  for (let i = 0; i < 250 && named(descendants(child.pid as number), 'bwrap'); i++) await sleep(20);
  /* And a moment for the word that the front is its parent now. */
  await sleep(100);
  const tree = descendants(child.pid as number);
  process.kill(named(tree, 'srt-init') as number, 'SIGSTOP');
  child.kill('SIGKILL');
  await end;
  expect(await stillAlive(tree, 5000)).toEqual([]);
});

test('bubblewrap, killed before it has released its child, leaves nobody waiting', async () => {
  let killed = 0;
  for (let round = 0; round < 30; round++) {
    const child = spawn(SRT, ['--', 'true'], { stdio: 'pipe' });
    const end = ended(child);
    const tree = new Set<number>();
    for (let i = 0; i < 2000 && killed === round && child.exitCode === null; i++) {
      try {
        for (const pid of childrenOf(child.pid as number)) {
          tree.add(pid);
          const below = childrenOf(pid);
          for (const one of below) tree.add(one);
          if (named([pid], 'bwrap') && below.length > 0 && killed === round) {
            process.kill(pid, 'SIGKILL');
            killed++;
          }
        }
      } catch {}
    }
    killed = round + 1;
    expect([0, 125]).toContain((await end).code);
    expect(await stillAlive([...tree], 5000)).toEqual([]);
  }
});

describe('what srt was started with is what the command gets', () => {
  test('signals that are ignored', async () => {
    const line = (command: string) => `trap "" HUP USR2 PIPE CHLD; ${command}`;
    const show = 'grep SigIgn /proc/self/status';
    const outside = await run(['sh', '-c', line(`exec sh -c '${show}'`)]);
    const inside = await run(['sh', '-c', line(`exec ${SRT} -- sh -c '${show}'`)]);
    expect(inside).toEqual(outside);
    expect(Number.parseInt(outside.stdout.split('\t')[1] as string, 16)).not.toBe(0);
  });

  test('one that is ignored ends nothing', async () => {
    const child = spawn('sh', [
      ...['-c', `trap "" HUP; exec ${SRT} -- sh -c 'echo ready; sleep 0.3; exit 3'`],
    ]);
    const end = ended(child);
    await ready(child);
    child.kill('SIGHUP');
    expect(await end).toMatchObject({ code: 3, signal: null });
  });

  test.each([16, 256])('the limit of descriptors, %i', async (limit) => {
    const { code, stdout, stderr } = await run([
      ...['sh', '-c', `ulimit -Sn ${limit}; exec ${SRT} -- sh -c 'ulimit -Sn; ulimit -Hn'`],
    ]);
    const hard = (await run(['sh', '-c', 'ulimit -Hn'])).stdout;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${limit}\n${hard}`, stderr: '' });
  });

  test('which is none for the mounts', async () => {
    const names = Array.from({ length: 600 }, (_, at) => `d${at}`);
    for (const name of names) dir.folder(`${name}/kept`);
    const settings = dir.settings({
      filesystem: {
        allowWrite: names.map((name) => `./${name}`),
        denyWrite: names.map((name) => `./${name}/kept`),
      },
    });
    const { code, stderr } = await run(
      ['sh', '-c', `ulimit -Sn 256; exec ${SRT} -s ${settings} -- true`],
      { cwd: dir.path },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

test('settings that can be read once are enough, also to start again', async () => {
  const text = JSON.stringify({ filesystem: { names: 'mount', allowWrite: ['./work'] } });
  dir.folder('work');
  const { code, stdout } = await run(
    ['sh', '-c', `echo '${text}' | ${SRT} -s /dev/stdin -- echo ok`],
    { cwd: dir.path },
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ok\n' });
});

test('a signal while it starts again is not lost', async () => {
  const settings = dir.settings({ filesystem: { names: 'mount', allowWrite: ['./work'] } });
  dir.folder('work');
  for (let round = 0; round < 40; round++) {
    const child = spawn(SRT, ['-s', settings, '--', 'sleep', '1'], {
      stdio: 'pipe',
      cwd: dir.path,
    });
    const end = ended(child);
    await sleep(15 + round);
    child.kill('SIGTERM');
    const { code, signal } = await end;
    expect(signal ?? code).not.toBe(0);
  }
});

test('Node hands none of its descriptors on, however many the caller has open', async () => {
  const occupied = Array.from({ length: 12 }, (_, at) => `${at + 3}</dev/null`).join(' ');
  const line = `exec ${occupied}; exec ${SRT} -- sh -c 'echo ready; sleep 60'`;
  const child = spawn('bash', ['-c', line], { stdio: 'pipe' });
  const end = ended(child);
  await ready(child);
  const node = named(childrenOf(child.pid as number), 'node');
  const folder = `/proc/${node}/fdinfo`;
  const own = readdirSync(`/proc/${node}/fd`).filter((fd) =>
    /^(socket|\/memfd:srt)/.test(readlinkSync(`/proc/${node}/fd/${fd}`)),
  );
  const inherited = own.filter((fd) => {
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`${folder}/${fd}`, 'utf8'))?.[1] ?? '';
    return Number(fd) > 2 && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
  });
  child.kill('SIGKILL');
  await end;
  expect(own.length).toBeGreaterThanOrEqual(5);
  expect(inherited).toEqual([]);
});

test('Ctrl-Z during the start stops it', async () => {
  const shown = await onTerminal(`env 'PS1=prompt$ ' bash --norc -i`, [
    ['prompt$ ', `echo be""gin; ${SRT} -- sh -c 'echo rea""dy; exit 4'\n`],
    ['begin', '\x1a'],
    ['Stopped', 'sleep 1; echo be""fore; fg\n'],
    ['prompt$ ', 'echo "status $?"; exit\n'],
  ]);
  expect(shown.indexOf('before')).toBeGreaterThan(0);
  expect(shown.indexOf('ready')).toBeGreaterThan(shown.indexOf('before'));
  expect(shown).toContain('status 4');
});
