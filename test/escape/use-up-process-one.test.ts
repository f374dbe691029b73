/* Threat: process 1 makes and opens files for the whole sandbox. What keeps it busy for ever, uses up its
 * descriptors or its memory, or srt's, stops the command, or the machine of who started it. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendants } from '../support/processes.ts';
import { ended, type Scratch, SRT, scratch } from '../support/srt.ts';

const BEAT =
  'for i in $(seq 50); do : > beat$i && rm beat$i || exit 1; done; echo alive; kill -9 -1';
const node = (script: string) => `${process.execPath} -e '${script}'; ${BEAT}`;

/** What the command does first, and the limit of descriptors of srt. */
const LINES: readonly (readonly [what: string, line: string, descriptors: number])[] = [
  ['600 opens of a pipe that wait', opens(600), 20_000],
  ['600 opens of a pipe that wait, with few descriptors', opens(600), 1024],
  ['more processes than there are descriptors', opens(10), 150],
  ['2,000 processes that make a file each', forks(2000), 20_000],
  ['processes that are stopped in the middle', stops(), 20_000],
  ['150 processes with masks of their own, with few descriptors', masks(150), 300],
  ['no descriptors for process 1', `prlimit --pid 1 --nofile=3:3 2>/dev/null; ${BEAT}`, 20_000],
  ['folders 3,000 deep', node(deep()), 20_000],
  ['paths of 4,095 bytes', node(long()), 20_000],
];

function opens(count: number): string {
  const many = `for i in $(seq ${count}); do (exec 3> pipe) 2> /dev/null & done`;
  const others = 'for i in $(seq 150); do (: > own$i; sleep 20) & done';
  return `mkfifo pipe; ${many}; ${others}; sleep 1; ${BEAT}`;
}

function forks(count: number): string {
  return `for i in $(seq ${count}); do (: > of$i) & done; wait; ls | grep -c '^of'; ${BEAT}`;
}

function masks(count: number): string {
  const make = 'umask 0$((i % 2 * 7)); : > of$i; mkdir d$i';
  return `for i in $(seq ${count}); do (${make}) & done; wait; stat -c %a of* d* | sort | uniq -c | xargs; ${BEAT}`;
}

function stops(): string {
  const maker = '(while :; do : > by$i; rm by$i; done) & pids="$pids $!"';
  const stop = 'for n in $(seq 20); do kill -STOP $pids; kill -CONT $pids; done; kill -STOP $pids';
  return `for i in $(seq 20); do ${maker}; done; ${stop}; ${BEAT}`;
}

/* Outside there is no end; inside a path has to have a name (path_of_place). */
function deep(): string {
  return `const fs = require("fs"); const from = process.cwd(); let made = 0;
    try { for (; made < 3000; made++) { fs.mkdirSync("d"); process.chdir("d"); } }
    catch (error) { console.log(error.code, made > 1000); }`;
}

function long(): string {
  return `const fs = require("fs"); const said = (length) => {
      try { fs.writeFileSync("/".repeat(length - 9) + "proc/none", ""); } catch (error) { return error.code; }
    }; console.log(said(4095), said(4096));`;
}

const SAYS: Readonly<Record<string, string>> = {
  '2,000 processes that make a file each': '2000\n',
  '150 processes with masks of their own, with few descriptors': '75 660 75 666 75 770 75 777\n',
  'folders 3,000 deep': 'ENAMETOOLONG true\n',
  'paths of 4,095 bytes': 'ENOENT ENAMETOOLONG\n',
};

/* The kernel finds the path of a deep folder anew for each that is made in it. */
const PATIENCE = 120_000;

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => {
  /* Node's own removal has a stack that is not as deep as the folders. */
  execFileSync('rm', ['-rf', dir.path]);
});

function start(line: string, descriptors: number) {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const limited = `ulimit -n ${descriptors}; exec "$@"`;
  const words = [SRT, '-s', settings, '--', 'sh', '-c', line];
  return spawn('sh', ['-c', limited, 'sh', ...words], { cwd: dir.folder('work') });
}

test.each(LINES)(
  'files are made after %s',
  async (what, line, descriptors) => {
    const done = await ended(start(line, descriptors), PATIENCE);
    expect(done.stdout).toBe(`${SAYS[what] ?? ''}alive\n`);
    expect(done.stderr).not.toMatch(/srt:/);
  },
  PATIENCE,
);

const FLOOD = `const fs = require("fs");
  const round = (count) => { for (let i = 0; i < count; i++) {
    for (const name of [".mcp.json", i + ".code-workspace"]) try { fs.mkdirSync(name); } catch {}
  } };
  process.stdin.on("data", (data) => { round(Number(data)); console.log("done"); });`;

const REFUSALS = Number(process.env.SRT_REFUSALS ?? 60_000);

test('memory does not grow with refusals', async () => {
  const child = start(`exec ${process.execPath} -e '${FLOOD}'`, 20_000);
  const line = () => new Promise((resolve) => child.stdout?.once('data', resolve));
  const after = async (count: number) => {
    child.stdin?.write(String(count));
    await line();
    return resident(child.pid ?? 0);
  };
  const done = ended(child);
  const before = await after(2000);
  const later = await after(REFUSALS / 2);
  child.kill('SIGKILL');
  await done;
  expect(Object.keys(before).sort()).toEqual(['srt', 'srt-init']);
  /* Megabytes: srt's heap has its own rhythm, process 1 has none. */
  expect(later['srt-init'] ?? Infinity).toBeLessThan((before['srt-init'] ?? 0) + 1);
  expect(later.srt ?? Infinity).toBeLessThan((before.srt ?? 0) + 60);
});

/** Resident memory in megabytes (proc(5), VmRSS). */
function resident(srt: number): Record<string, number> {
  const entries = [srt, ...descendants(srt)].flatMap((pid) => {
    const text = readFileSync(join('/proc', String(pid), 'status'), 'utf8');
    const name = pid === srt ? 'srt' : (/^Name:\t(.*)$/m.exec(text)?.[1] ?? '');
    const size = Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1]) / 1024;
    return name === 'srt' || name === 'srt-init' ? [[name, size] as const] : [];
  });
  return Object.fromEntries(entries);
}
