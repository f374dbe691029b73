/* Programs cannot tell that their calls about files are made for them: every result, and what is
 * there afterwards, is what the kernel alone gives. */
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { runUnmediated } from '../support/control.ts';
import { requires } from '../support/requires.ts';
import { ROOT, type Scratch, scratch, srt } from '../support/srt.ts';
import { ARGUMENTS } from './file-calls/arguments.ts';
import { everyPath } from './file-calls/every-path.ts';
import { explain } from './file-calls/known-differences.ts';
import { SEQUENCES } from './file-calls/sequences.ts';

const PROGRAM = buildC(join(ROOT, 'test', 'support', 'file-calls.c'), 'cc', ['-static']) ?? '';
const machine = requires('a C compiler', PROGRAM !== '');

jest.setTimeout(90_000);

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => dir.remove());

/** The lines that each row gives inside and in the control, where they differ and none is told. */
async function differences(rows: readonly string[]) {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const options = { input: `${rows.join('\n')}\n`, timeout: 60_000 };
  const inside = await srt(['-s', settings, '--', PROGRAM], {
    ...options,
    cwd: dir.folder('inside'),
  });
  const outside = await runUnmediated(dir.folder('outside'), [PROGRAM], options);
  expect([inside.code, inside.stderr, outside.code]).toEqual([0, '', 0]);
  const [ours, theirs] = [inside, outside].map(({ stdout }) => stdout.trimEnd().split('\n'));
  expect([ours?.length, theirs?.length]).toEqual([rows.length, rows.length]);
  return rows.flatMap((row, at) => {
    const both = { outside: theirs?.[at] ?? '', inside: ours?.[at] ?? '' };
    return both.outside === both.inside || explain(row, both) ? [] : [{ row, ...both }];
  });
}

machine.each([
  ['each call at each kind of path', everyPath()],
  ['flags, modes and pointers', ARGUMENTS],
  ['calls one after the other', SEQUENCES],
])('are the same: %s', async (_, rows: readonly string[]) => {
  expect(await differences(rows)).toEqual([]);
});
