/* Threat: what is in a namespace of the host is within reach: its processes, its abstract sockets,
 * its shared memory. The sandbox has every namespace for itself. */
import { requires } from '../support/requires.ts';
import { TRY_SYSCALL, tryInside, tryOutside } from '../support/try-syscall.ts';
import { evaluate } from './support/node-script.ts';

const NAMESPACES = ['net', 'pid', 'ipc', 'uts', 'cgroup', 'user', 'mnt'];
const PROBE = `
const fs = require('node:fs');
print(input.map((name) => fs.readlinkSync('/proc/self/ns/' + name)));
`;

describe('namespaces', () => {
  let inside: string[];
  let again: string[];
  beforeAll(async () => {
    inside = await evaluate(PROBE, NAMESPACES, { srt: [] });
    again = await evaluate(PROBE, NAMESPACES, { srt: null });
  });

  test.each(
    NAMESPACES.map((name, index) => ({ name, index })),
  )('the $name namespace is not the one of the host', async ({ name, index }) => {
    const [host] = await evaluate<string[]>(PROBE, [name], { srt: null });
    /* The control: a process outside does share it. */
    expect(again[index]).toBe(host);
    expect(inside[index]).toMatch(new RegExp(`^${name}:\\[\\d+\\]$`));
    expect(inside[index]).not.toBe(host);
  });
});

const IPC_CREAT = 0o1000;
const IPC_RMID = 0;

requires('a C compiler', TRY_SYSCALL !== null)(
  'shared memory of the host (System V) is not there',
  async () => {
    const key = 0x53525400 + (process.pid & 0xff);
    const make = `shmget:${key}:4096:${IPC_CREAT | 0o600}`;
    const find = `shmget:${key}:0:0`;
    const id = (await tryOutside([make]))[make];
    expect((await tryOutside([find]))[find]).toBe(id);
    expect((await tryInside([find]))[find]).toBe('ENOENT');
    await tryOutside([`shmctl:${id}:${IPC_RMID}:0`]);
  },
);
