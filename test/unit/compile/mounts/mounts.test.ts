import {
  type Mount,
  type MountInput,
  planMounts,
} from '../../../../src/compile/mounts/plan-mounts.ts';
import type { PathRule } from '../../../../src/policy/path-rules.ts';
import { builtIn, rule } from '../../rules.ts';
import { effectiveAccess } from './simulate.ts';

function plan(rules: PathRule[], overrides: Partial<MountInput> = {}): Mount[] {
  const isDirectory = (path: string) => !path.endsWith('.txt');
  const input = { rules, cwd: '/', isDirectory, rootLinks: new Map() };
  const nothing = { files: [], ownFolder: null };
  return planMounts({ ...input, ...nothing, ...overrides });
}

function show(mount: Mount): string {
  if (mount.op === 'tmpfs') return `tmpfs ${mount.path} ${mount.mode.toString(8)}`;
  if (mount.op === 'symlink') return `symlink ${mount.path} to ${mount.target}`;
  return `${mount.op} ${mount.path}`;
}

/** The plan without what every plan has. */
function own(rules: PathRule[], overrides: Partial<MountInput> = {}): string[] {
  const always = ['ro-bind /', 'proc /proc', 'dev /dev', 'tmpfs /dev/shm 1777', 'remount-ro /dev'];
  return plan(rules, overrides)
    .map(show)
    .filter((line) => !always.includes(line));
}

test('without rules everything can be read and nothing written', () => {
  expect(plan([]).map(show)).toEqual([
    'ro-bind /',
    'proc /proc',
    'dev /dev',
    'tmpfs /dev/shm 1777',
    'remount-ro /dev',
  ]);
});

describe('mounts of a policy', () => {
  test.each<[string, PathRule[], string[]]>([
    ['a write root', [rule('allowWrite', '/w')], ['bind /w']],
    ['a folder that is denied', [rule('denyRead', '/s')], ['tmpfs /s 0', 'remount-ro /s']],
    ['a file that is denied', [rule('denyRead', '/s.txt')], ['mask-file /s.txt']],
    ['allowRead of what is readable', [rule('allowRead', '/s')], []],
    ['denyWrite of what is read-only', [rule('denyWrite', '/s')], []],
    ['the private folder', [builtIn('private', '/tmp')], ['tmpfs /tmp 1777']],
    [
      'a folder re-opened in a denied one, which can then be searched but not listed',
      [rule('denyRead', '/s'), rule('allowRead', '/s/a')],
      ['tmpfs /s 111', 'ro-bind /s/a', 'remount-ro /s'],
    ],
    [
      'denied again further in',
      [rule('denyRead', '/s'), rule('allowRead', '/s/a'), rule('denyRead', '/s/a/k.txt')],
      ['tmpfs /s 111', 'ro-bind /s/a', 'mask-file /s/a/k.txt', 'remount-ro /s'],
    ],
    [
      'denied inside denied',
      [rule('denyRead', '/s'), rule('denyRead', '/s/a')],
      ['tmpfs /s 0', 'remount-ro /s'],
    ],
    [
      'a write root inside a denied folder',
      [rule('denyRead', '/h'), rule('allowWrite', '/h/p')],
      ['tmpfs /h 111', 'bind /h/p', 'remount-ro /h'],
    ],
    [
      'what is protected deep inside a write root pins the folders above it',
      [rule('allowWrite', '/w'), rule('denyWrite', '/w/a/b/c')],
      ['bind /w', 'bind /w/a', 'bind /w/a/b', 'ro-bind /w/a/b/c'],
    ],
    [
      'what is denied there does so too',
      [rule('allowWrite', '/w'), rule('denyRead', '/w/a/s.txt')],
      ['bind /w', 'bind /w/a', 'mask-file /w/a/s.txt'],
    ],
    [
      'a write root in a write root',
      [rule('allowWrite', '/w'), rule('allowWrite', '/w/a')],
      ['bind /w'],
    ],
    [
      'a denied folder in the private one shows nothing',
      [builtIn('private', '/tmp'), rule('denyRead', '/tmp/s')],
      ['tmpfs /tmp 1777'],
    ],
    [
      'a write root in the private folder',
      [builtIn('private', '/tmp'), rule('allowWrite', '/tmp/p'), rule('denyRead', '/tmp/p/s')],
      ['tmpfs /tmp 1777', 'bind /tmp/p', 'tmpfs /tmp/p/s 0', 'remount-ro /tmp/p/s'],
    ],
    [
      'shallow first, whatever their order',
      [rule('denyWrite', '/w/a'), rule('denyRead', '/b/c/d'), rule('allowWrite', '/w')],
      ['bind /w', 'ro-bind /w/a', 'tmpfs /b/c/d 0', 'remount-ro /b/c/d'],
    ],
  ])('%s', (_what, rules, expected) => {
    expect(own(rules)).toEqual(expected);
  });

  test('a working directory below the private folder is shown when a rule says so', () => {
    const rules = [builtIn('private', '/tmp'), builtIn('allowRead', '/tmp/p')];
    expect(own(rules, { cwd: '/tmp/p' })).toEqual(['tmpfs /tmp 1777', 'ro-bind /tmp/p']);
  });
});

describe('the whole tree', () => {
  test('writable: /sys stays read-only, and top-level folders are pinned', () => {
    const rules = [rule('allowWrite', '/'), rule('denyRead', '/home/me/.ssh')];
    expect(plan(rules).map(show)).toEqual([
      'bind /',
      'ro-bind /sys',
      'proc /proc',
      'dev /dev',
      'tmpfs /dev/shm 1777',
      'bind /home',
      'bind /home/me',
      'tmpfs /home/me/.ssh 0',
      'remount-ro /dev',
      'remount-ro /home/me/.ssh',
    ]);
  });

  test('denied: links in / are made again, and the empty root is sealed last', () => {
    const rules = [rule('denyRead', '/'), rule('allowRead', '/usr')];
    const rootLinks = new Map([['/bin', 'usr/bin']]);
    const shown = plan(rules, { rootLinks }).map(show);
    expect(shown.slice(0, 2)).toEqual(['tmpfs / 755', 'symlink /bin to usr/bin']);
    expect(shown).toContain('ro-bind /usr');
    expect(shown.slice(-2)).toEqual(['remount-ro /dev', 'remount-ro /']);
  });

  test('denied: /sys is denied with it', () => {
    const mounts = plan([rule('denyRead', '/'), rule('allowRead', '/usr')]);
    expect(effectiveAccess(mounts, '/usr/bin')).toBe('read-only');
    expect(effectiveAccess(mounts, '/sys')).toBe('masked');
  });

  test('/sys can be denied by itself', () => {
    expect(own([rule('denyRead', '/sys')])).toEqual(['tmpfs /sys 0', 'remount-ro /sys']);
  });
});
