/* Threat: /proc of the host shows every command line and the environment of every process of the
 * same user, tokens and all ("Comment and Control"). Inside it shows the sandbox alone. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { descendants } from '../support/processes.ts';
import { SRT, scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';

const CANARY = `srt-canary-${process.pid}-of-the-host`;

const PROBE = `
const fs = require('node:fs');
const tasks = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map(Number);
/* A process may be another user's, or gone by now. */
const opened = (path) => attempt(() => fs.readFileSync(path));
const read = (pid, file) => {
  try { return fs.readFileSync('/proc/' + pid + '/' + file, 'latin1'); } catch { return ''; }
};
print({
  tasks,
  canary: tasks.some((pid) => (read(pid, 'environ') + read(pid, 'cmdline')).includes(input)),
  parent: process.ppid,
  one: opened('/proc/1/environ'),
  own: opened('/proc/self/environ'),
  names: tasks.map((pid) => read(pid, 'comm').trim()),
});
`;

interface Seen {
  tasks: number[];
  canary: boolean;
  parent: number;
  names: string[];
  one: string;
  own: string;
}

describe('the process table', () => {
  let inside: Seen;
  let outside: Seen;
  beforeAll(async () => {
    const victim = spawn('sleep', ['20'], { env: { SECRET: CANARY }, stdio: 'ignore' });
    /* The canary is what the probe looks for, so it must not be on the probe's own line. */
    const half = CANARY.slice(0, -12);
    const probe = PROBE.replace('includes(input)', "includes(input + '-of-the-' + 'host')");
    inside = await evaluate<Seen>(probe, half, { srt: [] });
    outside = await evaluate<Seen>(probe, half, { srt: null });
    victim.kill('SIGKILL');
  });

  test('holds process 1 and the command', () => {
    expect(inside.names[0]).toBe('srt-init');
    expect(inside.tasks).toEqual([1, 2]);
    expect(inside.parent).toBe(1);
  });

  test('holds nothing of the host', () => {
    const host = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    expect(host.length).toBeGreaterThan(inside.tasks.length);
    expect(outside.tasks.length).toBeGreaterThan(inside.tasks.length);
  });

  test('shows no environment of the host', () => {
    expect(outside.canary).toBe(true);
    expect(inside.canary).toBe(false);
  });
});

/* What is denied must not be where a process of the sandbox could find it after all. */
describe('the environment of srt', () => {
  const variables = { SSH_AUTH_SOCK: `/tmp/${CANARY}`, EXAMPLE_TOKEN: CANARY, EXAMPLE: 'seen' };
  const env = { ...process.env, ...variables };

  test('process 1 does not show the one it has', async () => {
    const inside = await evaluate<Seen>(PROBE, CANARY, { srt: [], env });
    expect([inside.own, inside.one]).toEqual(['ok', 'EACCES']);
  });

  test('neither bubblewrap nor srt-init is started with it', async () => {
    const child = spawn(SRT, ['--', 'sh', '-c', 'echo up; read line'], {
      env,
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const shown = descendants(child.pid ?? 0).map((pid) => ({
      name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(),
      environment: environmentOf(pid),
    }));
    const own = environmentOf(child.pid ?? 0);
    child.kill('SIGTERM');
    expect(own).toContain(CANARY);
    const names = shown.map(({ name }) => name).sort();
    /* bubblewrap is ended a moment after the start. */
    expect(names.filter((name) => name !== 'bwrap')).toEqual(['node', 'sh', 'srt-init']);
    const environmentNamed = (one: string) => shown.find(({ name }) => name === one)?.environment;
    expect(environmentNamed('bwrap') ?? '').toBe('');
    /* bubblewrap adds the folder, which root can read. */
    expect(['', 'PWD=/\0']).toContain(environmentNamed('srt-init'));
    const command = environmentNamed('sh');
    expect(command).toContain('EXAMPLE=seen');
    /* Of the variables that point out of reach none came along; a token does, unless denied. */
    expect(command).not.toContain('SSH_AUTH_SOCK');
  });

  test('a variable that is denied is in no environment of the sandbox', async () => {
    const dir = scratch();
    const settings = dir.settings({ env: { deny: ['@secrets'] } });
    const probe = PROBE.replace('includes(input)', "includes(input + '-of-the-' + 'host')");
    const half = CANARY.slice(0, -12);
    const passed = await evaluate<Seen>(probe, half, { srt: [], env });
    const denied = await evaluate<Seen>(probe, half, { srt: ['-s', settings], env });
    dir.remove();
    expect([passed.canary, denied.canary]).toEqual([true, false]);
  });
});

/** "" where it is empty, and where not even the same user may read it. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
