/* Threat: an earlier run plants links where the next one makes mounts, or above, in the shapes by
 * which bubblewrap before 0.12 was led out of the new root while it made mount points
 * (GHSA-pxhw-h44j-8pfx): to a folder of the host, to where bubblewrap keeps the old root, and to
 * descriptors of whoever follows the link. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Scratch, scratch, srt } from '../support/srt.ts';
import { type Filesystem, look, start } from './support/set-up.ts';

let dir: Scratch;
const at = (name: string) => join(dir.path, name);
beforeEach(() => {
  dir = scratch();
  dir.file('outside/canary', 'canary');
  dir.file('work/sub/inner/fixed', 'fixed');
});
afterEach(() => dir.remove());

/** What the link leads to, by the folder that is to be reached. */
const SHAPES: readonly (readonly [string, (outside: string) => string])[] = [
  ['a folder of the host', (outside) => outside],
  ['it, upwards', () => '../outside'],
  ['the old root', (outside) => `/oldroot${outside}`],
  ['the old root, upwards', (outside) => `../../../../../../../../oldroot${outside}`],
  ['the root of a process', (outside) => `/proc/self/root${outside}`],
  ['the working directory of a process', () => '/proc/self/cwd/../outside'],
  ['a descriptor', () => '/proc/self/fd/3'],
];

const RULES: readonly (readonly [string, Filesystem])[] = [
  ['to deny', { allowWrite: ['.'], denyRead: ['./sub/inner'] }],
  ['to keep', { allowWrite: ['.'], denyWrite: ['./sub/inner/fixed'] }],
  ['to write', { allowWrite: ['./sub/inner'] }],
  ['to show', { denyRead: ['./sub'], allowRead: ['./sub/inner'] }],
];

const CASES = SHAPES.flatMap(([shape, target]) =>
  RULES.map(([what, filesystem]) => ({ shape, what, target, filesystem })),
);

const WRITE =
  'for f in sub/inner/new sub/new sub/inner/canary sub/canary; do echo evil > $f; done 2>&-';

function intact(): unknown {
  return [readdirSync(at('outside')), readFileSync(at('outside/canary'), 'utf8')];
}
const INTACT = [['canary'], 'canary'];

describe.each(CASES)('a link to $shape, above what is $what', ({ target, filesystem }) => {
  const plant = () => {
    renameSync(at('work/sub'), at('aside'));
    symlinkSync(target(at('outside')), at('work/sub'));
  };

  test('planted before srt looks', async () => {
    plant();
    const cwd = { cwd: at('work') };
    const { code } = await srt(['-s', dir.settings({ filesystem }), 'sh', '-c', WRITE], cwd);
    expect(code).not.toBe(0);
    expect(intact()).toEqual(INTACT);
  });

  test('planted before the mounts are made', async () => {
    const plan = look(filesystem, at('work'));
    plant();
    const printed = await start(plan, ['sh', '-c', WRITE]);
    /* FAILED is bubblewrap's: what it is to bind is not where the link leads. */
    expect(printed).toMatch(/^SRT_LAUNCH_(CHANGED (ELOOP|ENOENT) |FAILED)/);
    expect(intact()).toEqual(INTACT);
  });
});

test('outside, the links that a process can follow there lead out', async () => {
  const followed: string[] = [];
  for (const [shape, target] of SHAPES) {
    renameSync(at('work/sub'), at('aside'));
    symlinkSync(target(at('outside')), at('work/sub'));
    const { code } = await run(['sh', '-c', 'echo evil > sub/canary'], { cwd: at('work') });
    if (code === 0) followed.push(shape);
    renameSync(at('work/sub'), at(`planted-${followed.length}-${shape.length}`));
    renameSync(at('aside'), at('work/sub'));
  }
  expect(followed).toEqual([
    'a folder of the host',
    'it, upwards',
    'the root of a process',
    'the working directory of a process',
  ]);
  expect(readFileSync(at('outside/canary'), 'utf8')).toBe('evil\n');
});

test('bubblewrap itself binds what such a link leads to', () => {
  renameSync(at('work/sub'), at('aside'));
  symlinkSync('../outside', at('work/sub'));
  const options = ['--ro-bind', '/', '/', '--bind', at('work/sub'), '/mnt'];
  const { status } = spawnSync('bwrap', [...options, 'sh', '-c', 'echo evil > /mnt/canary']);
  expect([status, readFileSync(at('outside/canary'), 'utf8')]).toEqual([0, 'evil\n']);
});
