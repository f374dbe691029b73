/* Threat: a procfs that the host has mounted elsewhere, as in a chroot that is built in a project, shows
 * process 1 of the sandbox under another number. Who opens a file for the command does so with the
 * rights of process 1 over itself: written to, its memory is the command's. */
import { execFileSync } from 'node:child_process';
import { isRoot, requires } from '../support/requires.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';

const PROBE = `
const fs = require('node:fs');
const { O_RDONLY, O_RDWR, O_CREAT } = fs.constants;
const ways = { write: O_RDWR, read: O_RDONLY | O_CREAT };
const seen = [];
for (const pid of fs.readdirSync(input).filter((name) => /^[0-9]+$/.test(name))) {
  let comm = '';
  try { comm = fs.readFileSync(input + '/' + pid + '/comm', 'utf8').trim(); } catch {}
  const own = comm === 'srt-init' || Number(pid) === process.pid;
  for (const file of own ? ['mem', 'environ', 'fd/0', 'cwd/x'] : []) {
    for (const [way, flags] of Object.entries(ways)) {
      const said = attempt(() => fs.closeSync(fs.openSync(input + '/' + pid + '/' + file, flags)));
      seen.push([comm === 'srt-init' ? comm : 'self', way, file, said]);
    }
  }
}
print(seen);
`;

requires('root', isRoot).each([{ allowWrite: ['.'] }, { allowWrite: [] }])(
  'it stays out of reach where allowWrite is $allowWrite',
  async ({ allowWrite }: { allowWrite: string[] }) => {
    const dir: Scratch = scratch();
    const proc = dir.folder('work/chroot/proc');
    execFileSync('mount', ['-t', 'proc', 'proc', proc]);
    try {
      const settings = dir.settings({ filesystem: { allowWrite } });
      const options = { cwd: `${dir.path}/work` };
      const seen = await evaluate<string[][]>(PROBE, proc, { ...options, srt: ['-s', settings] });
      const inits = seen.filter(([who]) => who === 'srt-init');
      expect(inits.length).toBeGreaterThanOrEqual(8);
      expect(inits.filter(([, , , said]) => said === 'ok')).toEqual([]);
      /* The control: the same file of one's own process, outside. */
      const outside = await evaluate<string[][]>(PROBE, proc, { ...options, srt: null });
      expect(outside).toContainEqual(['self', 'write', 'mem', 'ok']);
      expect(outside).toContainEqual(['self', 'read', 'mem', 'ok']);
    } finally {
      execFileSync('umount', [proc]);
      dir.remove();
    }
  },
);
