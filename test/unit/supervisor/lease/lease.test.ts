/* On real files: what the next start removes, and what it must not. */
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { helperPath } from '../../../../src/host/helper.ts';
import { type Lease, takeLease } from '../../../../src/supervisor/lease/lease.ts';
import { prepareLeaseFolder } from '../../../../src/supervisor/lease/registry.ts';
import { requires } from '../../../support/requires.ts';
import { ROOT } from '../../../support/srt.ts';
import { refusal } from '../../rules.ts';
import { type Temporary, temporary } from '../../temporary.ts';

const HELPER = helperPath(join(ROOT, 'dist'));
const MAKES = [
  { name: 'file', kind: 'file', content: '' },
  { name: 'json', kind: 'file', content: '{}\n' },
  { name: 'folder', kind: 'folder', content: '' },
] as const;

const testOnLinux = requires('the native helper', existsSync(HELPER));

let dir: Temporary;
let work: string;
let lease: string;
const at = (name: string) => join(work, name);
beforeEach(() => {
  dir = temporary();
  work = dir.folder('work');
  lease = join(dir.path, 'lease');
});
afterEach(() => dir.remove());

function take(makes: readonly (typeof MAKES)[number][] = MAKES): Lease {
  const { dev: device, ino: inode } = statSync(work, { bigint: true });
  const uses = MAKES.map(({ name }) => name);
  const folder = { path: work, identity: { device, inode }, uses, missing: makes };
  return takeLease(HELPER, { lease, folders: [folder] });
}

/** As the kernel does when srt is killed. */
function kill({ descriptor }: Lease): void {
  closeSync(descriptor);
}

/** A start that wants nothing, and its end. */
function startAndEnd(): void {
  takeLease(HELPER, { lease, folders: [] }).release();
}

function records(): string[] {
  return readdirSync(lease).filter((name) => name !== 'lock');
}

testOnLinux('placeholders are there while somebody holds them, and gone afterwards', () => {
  const held = take();
  expect(readdirSync(work).sort()).toEqual(['file', 'folder', 'json']);
  expect(readFileSync(at('json'), 'utf8')).toBe('{}\n');
  expect([lstatSync(at('file')).mode & 0o1777, lstatSync(at('folder')).mode & 0o1777]).toEqual([
    0o1644, 0o1755,
  ]);
  held.release();
  expect(readdirSync(work)).toEqual([]);
  expect(records()).toEqual([]);
});

testOnLinux('the last of those that share them removes them, whoever made them', () => {
  const [first, second] = [take(), take([])];
  first.release();
  expect(readdirSync(work)).toHaveLength(3);
  second.release();
  expect(readdirSync(work)).toEqual([]);
  expect(records()).toEqual([]);
});

testOnLinux('they are shared by folder and name, not by path', () => {
  const first = take();
  renameSync(work, join(dir.path, 'moved'));
  symlinkSync('moved', work);
  work = join(dir.path, 'moved');
  const second = take([]);
  first.release();
  expect(readdirSync(work)).toHaveLength(3);
  second.release();
});

testOnLinux('what was there before is nobody’s placeholder', () => {
  writeFileSync(at('file'), '');
  mkdirSync(at('folder'));
  take().release();
  expect(readdirSync(work).sort()).toEqual(['file', 'folder']);
});

testOnLinux('after a kill the next start removes them, unless another one holds them', () => {
  const [first, second] = [take(), take([])];
  kill(first);
  startAndEnd();
  expect(readdirSync(work)).toHaveLength(3);
  kill(second);
  startAndEnd();
  expect(readdirSync(work)).toEqual([]);
  expect(records()).toEqual([]);
});

/** What somebody does before the next start, and what is there after it. */
const MEANWHILE: [string, () => void, Record<string, string>][] = [
  ['nothing', () => {}, {}],
  ['a file is filled', () => writeFileSync(at('file'), 'x'), { file: 'x' }],
  ['a file of JSON is filled', () => writeFileSync(at('json'), '[]\n'), { json: '[]\n' }],
  ['a file of JSON is emptied', () => truncateSync(at('json')), {}],
  ['a folder is filled', () => writeFileSync(at('folder/x'), ''), { folder: 'folder' }],
  [
    'another empty file takes the place',
    () => {
      writeFileSync(at('new'), '');
      renameSync(at('new'), at('file'));
    },
    { file: '' },
  ],
  [
    'another one that looks like it takes the place',
    () => {
      writeFileSync(at('new'), '');
      chmodSync(at('new'), 0o1644);
      renameSync(at('new'), at('file'));
    },
    { file: '' },
  ],
  [
    'the bit is taken away',
    () => {
      chmodSync(at('file'), 0o644);
      chmodSync(at('folder'), 0o755);
    },
    { file: '', folder: 'folder' },
  ],
  ['it gets a second name', () => linkSync(at('file'), at('second')), { file: '', second: '' }],
  [
    'a link takes the place of each',
    () => {
      unlinkSync(at('file'));
      symlinkSync('json', at('file'));
      rmdirSync(at('folder'));
      symlinkSync('.', at('folder'));
    },
    { file: 'link', folder: 'link' },
  ],
  [
    'a folder takes the place of a file, and the other way round',
    () => {
      unlinkSync(at('file'));
      mkdirSync(at('file'));
      rmdirSync(at('folder'));
      writeFileSync(at('folder'), '');
    },
    { file: 'folder', folder: '' },
  ],
];

function shown(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(work, { withFileTypes: true }).map((entry) => [
      entry.name,
      entry.isSymbolicLink()
        ? 'link'
        : entry.isDirectory()
          ? 'folder'
          : readFileSync(at(entry.name), 'utf8'),
    ]),
  );
}

testOnLinux.each(MEANWHILE)(
  'srt is killed, and before the next start %s',
  (_: string, act: () => void, expected: Record<string, string>) => {
    kill(take());
    expect(readdirSync(work)).toHaveLength(3);
    act();
    startAndEnd();
    expect(shown()).toEqual(expected);
    expect(records()).toEqual([]);
  },
);

testOnLinux('killed before it noted what it made, the bit tells what that was', () => {
  kill(take());
  const [file = ''] = records();
  const record = join(lease, file);
  truncateSync(record, readFileSync(record, 'utf8').indexOf('\n') + 1);
  chmodSync(at('json'), 0o644);
  startAndEnd();
  expect(shown()).toEqual({ json: '{}\n' });
});

describe('a folder that was moved away', () => {
  testOnLinux.each([
    ['a link to a decoy', (decoy: string) => symlinkSync(decoy, work)],
    ['a decoy', (decoy: string) => renameSync(decoy, work)],
  ])('with %s in its place is left alone', (_: string, put: (decoy: string) => void) => {
    kill(take());
    const decoy = dir.folder('decoy');
    for (const name of ['file', 'json']) {
      writeFileSync(join(decoy, name), name === 'file' ? '' : '{}\n');
      chmodSync(join(decoy, name), 0o1644);
    }
    renameSync(work, join(dir.path, 'moved'));
    put(decoy);
    startAndEnd();
    expect(readdirSync(work).sort()).toEqual(['file', 'json']);
    /* The note is kept, and does its work when the folder is back. */
    renameSync(work, join(dir.path, 'away'));
    renameSync(join(dir.path, 'moved'), work);
    startAndEnd();
    expect(readdirSync(work)).toEqual([]);
  });

  testOnLinux('between the look and the start makes it fail, and nothing is made', () => {
    const { dev: device, ino: inode } = statSync(work, { bigint: true });
    const seen = { path: work, identity: { device, inode }, uses: ['file'], missing: MAKES };
    renameSync(work, join(dir.path, 'moved'));
    const start = () => takeLease(HELPER, { lease, folders: [seen] });
    expect(refusal(start).code).toBe('SRT_LAUNCH_CHANGED');
    symlinkSync('moved', work);
    expect(refusal(start).code).toBe('SRT_LAUNCH_CHANGED');
    unlinkSync(work);
    mkdirSync(work);
    expect(refusal(start).code).toBe('SRT_LAUNCH_CHANGED');
    expect([...readdirSync(work), ...readdirSync(join(dir.path, 'moved'))]).toEqual([]);
    expect(records()).toEqual([]);
  });
});

describe('the folder of the notes', () => {
  const refused = () => refusal(() => prepareLeaseFolder(lease));
  test('is made for one alone', () => {
    prepareLeaseFolder(lease);
    expect(lstatSync(lease).mode & 0o777).toBe(0o700);
    prepareLeaseFolder(lease);
  });

  test('is refused when others may write there', () => {
    mkdirSync(lease, { mode: 0o700 });
    chmodSync(lease, 0o770);
    const { code, message } = refused();
    expect(code).toBe('SRT_HOST_LEASE');
    expect(message).toMatch(/not yours alone/);
  });

  test('is not followed through a link', () => {
    symlinkSync(work, lease);
    expect(refused().code).toBe('SRT_HOST_LEASE');
  });
});
