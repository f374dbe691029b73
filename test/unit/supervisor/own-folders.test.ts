import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import type { Placement } from '../../../src/compile/mounts/place-mounts.ts';
import { ensureFolders, identify } from '../../../src/supervisor/own-folders.ts';
import { isRoot, requires } from '../../support/requires.ts';
import { refusal } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

const BELOW = ['.cache', 'srt', 'files'];
const ensure = () => ensureFolders([{ base: dir.path, below: BELOW }]);
const modeOf = (name: string) => (statSync(`${dir.path}/${name}`).mode & 0o7777).toString(8);
const descriptors = () => readdirSync('/proc/self/fd').length;

function refused() {
  const before = descriptors();
  const { code, message } = refusal(ensure);
  expect(code).toBe('SRT_LAUNCH_CACHES');
  expect(descriptors()).toBe(before);
  return message.replaceAll(dir.path, '@');
}

test('makes what is missing for its user alone', () => {
  const umask = process.umask(0);
  ensure();
  process.umask(umask);
  expect(BELOW.map((_, at) => modeOf(BELOW.slice(0, at + 1).join('/')))).toEqual([
    '700',
    '700',
    '700',
  ]);
});

test('leaves what is there, but for the mode of the folder that commands reach', () => {
  dir.file('.cache/srt/files/npm/kept', 'x');
  chmodSync(`${dir.path}/.cache`, 0o755);
  chmodSync(`${dir.path}/.cache/srt/files`, 0);
  const before = descriptors();
  ensure();
  expect([modeOf('.cache'), modeOf('.cache/srt/files')]).toEqual(['755', '700']);
  expect(readdirSync(`${dir.path}/.cache/srt/files`)).toEqual(['npm']);
  expect(descriptors()).toBe(before);
});

describe('what each is', () => {
  const of = (path: string, identity: Placement['identity']): Placement => ({
    ...{ identity, mount: { op: 'bind', path }, parent: 0, below: '', sealed: false },
  });

  test('is what the placements that wait for it get, and no other', () => {
    const store = `${dir.path}/.cache/srt`;
    const known = { device: 1n, inode: 2n };
    const placed = identify(
      [of(store, 'at-start'), of(`${store}/files`, known), of('/elsewhere', null)],
      ensure(),
    );
    const { dev: device, ino: inode } = statSync(store, { bigint: true });
    expect(placed.map(({ identity }) => identity)).toEqual([{ device, inode }, known, null]);
  });

  test('is never left open', () => {
    const one = of('/elsewhere', 'at-start');
    expect(() => identify([one], ensure())).toThrow('nothing was made at /elsewhere');
  });
});

describe('a link that was planted', () => {
  test.each(BELOW.map((_, at) => BELOW.slice(0, at + 1).join('/')))('as %s', (name) => {
    const target = dir.folder('elsewhere');
    /* The control: with a folder there it goes well. */
    ensure();
    dir.remove();
    mkdirSync(target, { recursive: true });
    dir.folder(`${name}/..`);
    symlinkSync(target, `${dir.path}/${name}`);
    expect(refused()).toBe(`private caches: "@/${name}" is a symbolic link (ENOTDIR)`);
    expect(readdirSync(target)).toEqual([]);
  });

  test('to nothing', () => {
    dir.folder('.cache/srt');
    symlinkSync(`${dir.path}/made`, `${dir.path}/.cache/srt/files`);
    expect(refused()).toContain('is a symbolic link (ENOTDIR)');
    expect(existsSync(`${dir.path}/made`)).toBe(false);
  });
});

test('a file', () => {
  dir.file('.cache/srt');
  expect(refused()).toBe('private caches: "@/.cache/srt" is no folder (ENOTDIR)');
});

test('a folder that everybody can write', () => {
  dir.folder('.cache/srt');
  chmodSync(`${dir.path}/.cache`, 0o777);
  expect(refused()).toBe('private caches: "@/.cache" can be written by every user');
});

test('a base that is missing', () => {
  dir.remove();
  expect(refused()).toBe('private caches: "@" cannot be opened or made (ENOENT)');
});

describe('what belongs to another user', () => {
  requires('root', isRoot)('is not used', () => {
    dir.folder('.cache/srt/files');
    ensure();
    chownSync(`${dir.path}/.cache/srt`, 65534, 65534);
    expect(refused()).toBe('private caches: "@/.cache/srt" belongs to another user (65534)');
  });

  requires('root', isRoot)('gets no folder of root', () => {
    chownSync(dir.path, 65534, 65534);
    const problem = 'is missing, and the folder around it belongs to another user';
    expect(refused()).toBe(`private caches: "@/.cache" ${problem}`);
    expect(readdirSync(dir.path)).toEqual([]);
  });
});

test('a folder that cannot be made', () => {
  chmodSync(dir.path, 0o500);
  /* No mode stops root. */
  if (isRoot) ensure();
  else expect(refused()).toBe('private caches: "@/.cache" cannot be opened or made (EACCES)');
  chmodSync(dir.path, 0o700);
  ensure();
});
