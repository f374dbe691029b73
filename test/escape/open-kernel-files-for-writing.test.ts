/* Threat: /proc/sys/kernel/core_pattern, /proc/sysrq-trigger, /sys/fs/cgroup/…/release_agent or a
 * raw disk in /dev: files whose writers command the kernel of the host, outside of every mount
 * and namespace. Root in the sandbox has root's rights to them unless a mount takes these away.
 * Every file is opened for appending and closed; nothing is ever written. */
import { existsSync } from 'node:fs';
import { isRoot, requires } from '../support/requires.ts';
import { scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';

const WALK = `
const fs = require('node:fs');
const flags = fs.constants.O_WRONLY | fs.constants.O_APPEND | fs.constants.O_NONBLOCK;
const opened = [];
let tried = 0;
/* Links are left out: what they lead to is walked, or is a stream of the command's own. */
function tryOpen(path) {
  tried++;
  try { fs.closeSync(fs.openSync(path, flags)); opened.push(path); } catch {}
}
function entries(folder) {
  try { return fs.readdirSync(folder); } catch { return []; }
}
function walk(root, limit, skip) {
  const queue = [root];
  let files = 0;
  for (let folder; files < limit && (folder = queue.shift()); ) {
    for (const name of entries(folder)) {
      const path = folder + '/' + name;
      if (skip && skip.test(path)) continue;
      const status = fs.lstatSync(path, { throwIfNoEntry: false });
      if (!status || status.isSymbolicLink()) continue;
      if (status.isDirectory()) queue.push(path);
      else if (++files <= limit) tryOpen(path);
    }
  }
}
for (const { root, limit, skip } of input) walk(root, limit, skip && new RegExp(skip));
print({ tried, opened });
`;

interface Walked {
  tried: number;
  opened: string[];
}

/* bubblewrap's own devices, each private or without effect. */
const PRIVATE_DEVICES =
  /^\/dev\/(null|zero|full|random|urandom|tty|ptmx|console|pts\/(ptmx|\d+)|shm\/.*)$/;

const TREES: readonly { name: string; root: string; limit: number; skip?: string }[] = [
  /* Processes have files of their own there, and inside these are the sandbox's. */
  { name: '/proc beside the processes', root: '/proc', limit: 3000, skip: '^/proc/(\\d+|sys)$' },
  { name: '/proc/sys', root: '/proc/sys', limit: 20_000 },
  { name: 'the network files of the command', root: '/proc/self/net', limit: 2000 },
  { name: '/sys', root: '/sys', limit: 5000 },
  { name: 'the cgroups', root: '/sys/fs/cgroup', limit: 3000 },
  { name: 'the kernel folders of /sys', root: '/sys/kernel', limit: 5000 },
  { name: '/dev', root: '/dev', limit: 3000, skip: '^/dev/(shm|pts)/' },
];

/* Harmless to open: no device, and nothing that acts on open or close. */
const CONTROLS = [
  '/proc/sysrq-trigger',
  '/proc/sys/kernel/core_pattern',
  '/proc/sys/kernel/modprobe',
  '/sys/kernel/mm/ksm/run',
  '/sys/kernel/uevent_helper',
].filter((path) => existsSync(path));

const existing = TREES.filter(({ root }) => existsSync(root));

describe('no file of the kernel opens for writing', () => {
  const walked = new Map<string, Walked>();
  beforeAll(async () => {
    for (const tree of existing) walked.set(tree.root, await evaluate(WALK, [tree], { srt: [] }));
  }, 60_000);

  test.each(existing)('in $name', ({ root }) => {
    const { tried, opened } = walked.get(root) as Walked;
    expect(tried).toBeGreaterThan(0);
    expect(opened.filter((path) => !PRIVATE_DEVICES.test(path))).toEqual([]);
  });

  requires('root', isRoot)('though some do outside: the control', async () => {
    const trees = ['/proc/sys/kernel', '/sys/kernel/mm'].map((root) => ({ root, limit: 500 }));
    const outside = await evaluate<Walked>(WALK, trees, { srt: null });
    expect(outside.opened.length).toBeGreaterThan(20);
    expect(CONTROLS.length).toBeGreaterThan(0);
  });

  /* Where the whole tree is a write root, the kernel's folders are not part of it. */
  test.each(CONTROLS)('%s, though "/" is a write root', async (path) => {
    const dir = scratch();
    const settings = dir.settings({ filesystem: { allowWrite: ['/'] } });
    const script = `print(attempt(() => {
      const fs = require('node:fs');
      fs.closeSync(fs.openSync(input, fs.constants.O_WRONLY | fs.constants.O_APPEND));
    }))`;
    dir.file('.srt-settings.json', '{}');
    const env = { ...process.env, HOME: dir.path };
    const inside = await evaluate(script, path, { srt: ['-s', settings], env });
    expect(inside).toBe(isRoot ? 'EROFS' : 'EACCES');
    expect(await evaluate(script, path, { srt: null })).toBe(isRoot ? 'ok' : 'EACCES');
    dir.remove();
  });
});
