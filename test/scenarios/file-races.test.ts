/* Processes, threads and signals at the same time: what is done for them is done as by the kernel,
 * nothing is lost, and nobody waits for somebody else. */
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { runUnmediated } from '../support/control.ts';
import { requires } from '../support/requires.ts';
import { ROOT, type Scratch, scratch, srt } from '../support/srt.ts';

const source = join(ROOT, 'test', 'support', 'file-races.c');
const PROGRAM = buildC(source, 'cc', ['-static', '-pthread']) ?? '';
const machine = requires('a C compiler', PROGRAM !== '');

jest.setTimeout(90_000);

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => dir.remove());

/** What the race comes to inside and in the control. */
async function both(name: string) {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const options = { cwd: dir.folder('inside'), timeout: 60_000 };
  const inside = await srt(['-s', settings, '--', PROGRAM, name], options);
  const outside = await runUnmediated(dir.folder('outside'), [PROGRAM, name], options);
  return { inside: inside.stdout, outside: outside.stdout };
}

machine.each([
  ['reopened', 'busy 0 failed 0'],
  ['threads', 'failed 0'],
  ['forks', 'failed 0'],
  ['storm-restarts', 'failed 0 missing 0'],
  ['storm-interrupts', 'failed 0 missing 0'],
  ['masks', '644 600 640 640 664 606 664 664 666'],
  ['mask-changes', 'wrong 0'],
  ['meeting', '1 x 0, alone ENXIO'],
  ['interrupted', 'EINTR restarted ok'],
  ['signalled', '9 15 3 1 stopped 19 then 0 '],
  ['many-wait', 'meanwhile failed 0 openers failed 0'],
  ['leased', 'lease ok at once EAGAIN meanwhile failed 0 ended 0 then 0'],
  ['beside', '0'],
])('%s', async (name: string, outcome: string) => {
  const expected = `${name}: ${outcome}\n`;
  expect(await both(name)).toEqual({ inside: expected, outside: expected });
});

machine(
  'a limit on the size of files is not applied to truncate(2), a known difference',
  async () => {
    expect(await both('too-large')).toEqual({
      inside: 'too-large: 0\n',
      outside: 'too-large: 25\n',
    });
  },
);
