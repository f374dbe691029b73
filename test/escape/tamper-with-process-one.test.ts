/* Threat: process 1 of the sandbox holds the channel to srt and ends everything. Who reads its
 * memory, takes its descriptors or stops it is out, or cannot be ended any more. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { requires } from '../support/requires.ts';
import { type Outcome, TRY_SYSCALL, tryOutsideNow } from '../support/try-syscall.ts';
import { evaluate } from './support/node-script.ts';

const FILES: readonly (readonly [act: string, file: string])[] = [
  ['open', 'mem'],
  ['open', 'environ'],
  ['open', 'auxv'],
  ['read', 'maps'],
  ['read', 'pagemap'],
  /* Its channel to srt. Root may list the numbers, and learns nothing more. */
  ['open', 'fd/3'],
  ['readlink', 'fd/3'],
  ['read', 'fdinfo/3'],
  ['list', 'map_files'],
  ['list', 'root'],
  ['list', 'cwd'],
  ['readlink', 'exe'],
  ['readlink', 'root'],
  ['readlink', 'ns/net'],
  ['readlink', 'ns/user'],
  ['open', 'task/%/mem'],
  ['readlink', 'task/%/root'],
];

const CALLS = [
  'ptrace:16:%' /* PTRACE_ATTACH */,
  'ptrace:0x4206:%' /* PTRACE_SEIZE */,
  'process_vm_readv:%:#:1:#:1',
  'process_vm_writev:%:#:1:#:1',
];

const PROBE = `
const fs = require('node:fs'), { execFileSync } = require('node:child_process');
const acts = {
  open: (path) => fs.closeSync(fs.openSync(path, 'r')),
  read: (path) => { const fd = fs.openSync(path, 'r'); fs.readSync(fd, Buffer.alloc(8)); },
  list: (path) => fs.readdirSync(path),
  readlink: (path) => fs.readlinkSync(path),
};
const signals = {};
if (input.pid === 1) {
  for (let number = 1; number <= 64; number++) {
    signals[number] = attempt(() => process.kill(1, number));
  }
}
const status = fs.readFileSync('/proc/' + input.pid + '/status', 'utf8');
print({
  files: input.files.map(([act, file]) => attempt(() => acts[act]('/proc/' + input.pid + '/' + file))),
  calls: input.probe ? JSON.parse(execFileSync(input.probe, input.calls)) : {},
  signals,
  state: /^State:\\s+(\\S)/m.exec(status)[1],
});
`;

interface Seen {
  files: string[];
  calls: Record<string, Outcome>;
  signals: Record<string, string>;
  state: string;
}

function inputFor(pid: number) {
  const files = FILES.map(([act, file]) => [act, file.replaceAll('%', String(pid))]);
  const calls = CALLS.map((call) => call.replaceAll('%', String(pid)).replaceAll('#', '%'));
  return { pid, files, calls, probe: TRY_SYSCALL };
}

/* Yama may forbid it outside as well, and then the control cannot hold. */
const tracing = TRY_SYSCALL !== null && mayTrace();

function mayTrace(): boolean {
  const victim = spawn('sleep', ['5'], { stdio: 'ignore' });
  const call = `ptrace:0x4206:${victim.pid}`;
  const outcome = tryOutsideNow([call])[call];
  victim.kill('SIGKILL');
  return outcome === 0;
}

describe('process 1', () => {
  let inside: Seen;
  let outside: Seen;
  beforeAll(async () => {
    inside = await evaluate<Seen>(PROBE, inputFor(1), { srt: [] });
    /* The same from outside, on a process of the same user. */
    const third = openSync('/dev/null', 'r');
    const victim = spawn('sleep', ['20'], { stdio: ['ignore', 'ignore', 'ignore', third] });
    outside = await evaluate<Seen>(PROBE, inputFor(victim.pid ?? 0), { srt: null });
    victim.kill('SIGKILL');
    closeSync(third);
  });

  requires('tracing to be allowed outside', tracing).each(
    FILES.map(([act, file], row) => ({ act, file, row })),
  )('does not let anyone $act its $file', ({ row }: { row: number }) => {
    const seen = { inside: inside.files[row], outside: outside.files[row] };
    expect(seen).toEqual({ inside: 'EACCES', outside: 'ok' });
  });

  requires('a C compiler, and tracing to be allowed outside', tracing).each(
    CALLS.map((call, row) => ({ call, row })),
  )('answers EPERM to $call', ({ row }: { row: number }) => {
    expect(Object.values(inside.calls)[row]).toBe('EPERM');
    /* Permitted, and only then found to be no address of the other process. */
    expect([0, 'EFAULT']).toContain(Object.values(outside.calls)[row]);
  });

  test('lives on whatever signal it is sent', () => {
    const sent = Object.values(inside.signals);
    expect(sent).toHaveLength(64);
    /* Node refuses the two numbers that its C library keeps for itself. */
    expect(sent.filter((outcome) => outcome === 'ok').length).toBeGreaterThanOrEqual(60);
    expect(inside.state).toMatch(/[RS]/);
  });
});
