/* Threat: /proc of the host shows every command line and the environment of every process of the
 * same user, tokens and all ("Comment and Control"). Inside it shows the sandbox alone. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { evaluate } from './support/node-script.ts';

const CANARY = `srt-canary-${process.pid}-of-the-host`;

const PROBE = `
const fs = require('node:fs');
const tasks = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map(Number);
/* A process may be another user's, or gone by now. */
const read = (pid, file) => {
  try { return fs.readFileSync('/proc/' + pid + '/' + file, 'latin1'); } catch { return ''; }
};
print({
  tasks,
  canary: tasks.some((pid) => (read(pid, 'environ') + read(pid, 'cmdline')).includes(input)),
  parent: process.ppid,
  names: tasks.map((pid) => read(pid, 'comm').trim()),
});
`;

interface Seen {
  tasks: number[];
  canary: boolean;
  parent: number;
  names: string[];
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
