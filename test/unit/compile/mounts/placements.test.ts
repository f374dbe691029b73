import { type Placement, placeMounts } from '../../../../src/compile/mounts/place-mounts.ts';
import { planMounts } from '../../../../src/compile/mounts/plan-mounts.ts';
import { isWithin, type PathRule } from '../../../../src/policy/path-rules.ts';
import { FUZZ_FACTOR, pick, seeded } from '../../../support/seeded.ts';
import { builtIn, rule } from '../../rules.ts';

const ID = { device: 1n, inode: 2n };
const TREE = [
  '/a',
  '/ab',
  '/a/b',
  '/a/b/c',
  '/t',
  '/t/p',
  '/f.txt',
  '/a/f.txt',
  '/sys',
  '/dev/shm',
];

function place(rules: readonly PathRule[], known: readonly string[] | null = null): Placement[] {
  const isDirectory = (path: string) => !path.endsWith('.txt');
  const files = [{ path: '/etc/hosts', content: Buffer.from('x') }];
  const nothing = { rootLinks: new Map(), ownFolder: null };
  const mounts = planMounts({ rules, cwd: '/', isDirectory, files, ...nothing });
  const paths = known ?? rules.map(({ path }) => path);
  return placeMounts(mounts, new Map(paths.map((path) => [path, ID])));
}

/** What a rule adds: "bind /w in / known". */
function own(rules: readonly PathRule[]): string[] {
  const placements = place(rules);
  return placements.slice(4, -1).map(({ mount: { op, path }, parent, sealed, identity }) => {
    const marks = [sealed && 'sealed', identity && 'known'].filter(Boolean);
    return [op, path, 'in', placements[parent]?.mount.path, ...marks].join(' ');
  });
}

test('what every sandbox has, and a file of its own', () => {
  expect(place([]).map(({ mount, ...rest }) => [`${mount.op} ${mount.path}`, rest])).toEqual([
    ['ro-bind /', { parent: 0, below: '', sealed: false, identity: null }],
    ['proc /proc', { parent: 0, below: 'proc', sealed: false, identity: null }],
    ['dev /dev', { parent: 0, below: 'dev', sealed: true, identity: null }],
    ['tmpfs /dev/shm', { parent: 2, below: 'shm', sealed: false, identity: null }],
    ['file /etc/hosts', { parent: 0, below: 'etc/hosts', sealed: true, identity: null }],
  ]);
});

test('a denied root is a folder of its own, and is sealed', () => {
  const [root] = place([rule('denyRead', '/'), rule('allowRead', '/usr')], ['/usr']);
  expect(root).toMatchObject({ mount: { op: 'tmpfs', path: '/', mode: 0o755 }, sealed: true });
});

test('links and folders are made in what is the sandbox’s own, and nothing lies in them', () => {
  const rules = [rule('denyRead', '/'), rule('allowRead', '/usr')];
  const made = { rootLinks: new Map([['/bin', 'usr/bin']]), ownFolder: '/dev/shm/mine' };
  const mounts = planMounts({ rules, cwd: '/', isDirectory: () => true, files: [], ...made });
  const placements = placeMounts(mounts, new Map([['/usr', ID]]));
  const found = placements.filter(({ mount: { op } }) => op === 'symlink' || op === 'folder');
  expect(found).toEqual([
    {
      mount: { op: 'symlink', path: '/bin', target: 'usr/bin' },
      ...{ parent: 0, below: 'bin', sealed: false, identity: null },
    },
    {
      mount: { op: 'folder', path: '/dev/shm/mine', mode: 0o700 },
      parent: placements.findIndex(({ mount: { path } }) => path === '/dev/shm'),
      ...{ below: 'mine', sealed: false, identity: null },
    },
  ]);
});

test.each<[string, PathRule[], string[]]>([
  ['a write root', [rule('allowWrite', '/w')], ['bind /w in / known']],
  [
    'what is protected in it, and the folder above, which is whatever it is',
    [rule('allowWrite', '/w'), rule('denyWrite', '/w/a/b')],
    ['bind /w in / known', 'bind /w/a in /w', 'ro-bind /w/a/b in /w/a known'],
  ],
  ['a denied folder', [rule('denyRead', '/s')], ['tmpfs /s in / sealed known']],
  ['a denied file', [rule('denyRead', '/s.txt')], ['mask-file /s.txt in / known']],
  [
    're-opened in the private folder',
    [builtIn('private', '/tmp'), rule('allowRead', '/tmp/p')],
    ['tmpfs /tmp in / known', 'ro-bind /tmp/p in /tmp known'],
  ],
  [
    'the private /dev/shm denied: not in the place of the first one',
    [rule('denyRead', '/dev/shm')],
    ['tmpfs /dev/shm in /dev/shm sealed known'],
  ],
])('%s', (_what, rules, expected) => {
  expect(own(rules)).toEqual(expected);
});

test.each<[string, PathRule[]]>([
  ['a denied folder', [rule('denyRead', '/s')]],
  ['a denied file', [rule('denyRead', '/s.txt')]],
  ['what stays read-only in a write root', [rule('allowWrite', '/'), rule('denyWrite', '/w')]],
  ['what is re-opened', [builtIn('private', '/tmp'), rule('allowWrite', '/tmp/p')]],
])('%s must be known', (_what, rules) => {
  expect(() => place(rules)).not.toThrow();
  expect(() => place(rules, [])).toThrow('nothing is known of');
});

test('each lies in the last one before it that is at or above its path', () => {
  for (let seed = 0; seed < 1000 * FUZZ_FACTOR; seed++) {
    const random = seeded(seed);
    const lists = ['allowRead', 'denyRead', 'allowWrite', 'denyWrite'] as const;
    const rules = Array.from({ length: random(8) }, () =>
      rule(pick(random, lists), pick(random, TREE)),
    );
    const placements = place([...rules, builtIn('private', '/t')], TREE.concat('/t'));
    for (const [number, { mount, parent, below }] of placements.entries()) {
      if (number === 0) continue;
      const { path } = mount;
      const above = placements.slice(0, number).filter((other) => isWithin(path, other.mount.path));
      const deepest = Math.max(...above.map((other) => other.mount.path.length));
      const last = above.findLast((other) => other.mount.path.length === deepest);
      expect(placements[parent]).toBe(last);
      const around = last?.mount.path === '/' ? '' : last?.mount.path;
      const joined = [around, below].join(below === '' ? '' : '/');
      expect({ seed, path: joined }).toEqual({ seed, path });
    }
  }
});
