import { planMounts } from '../../../../src/compile/bubblewrap/mounts.ts';
import { type Placement, placeMounts } from '../../../../src/compile/bubblewrap/placements.ts';
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
  const files = [{ path: '/etc/hosts', descriptor: 7 }];
  const mounts = planMounts({ rules, cwd: '/', isDirectory, rootLinks: new Map(), files });
  const paths = known ?? rules.map(({ path }) => path);
  return placeMounts(mounts, new Map(paths.map((path) => [path, ID])));
}

/** What a rule adds: "bind /w in / known". */
function own(rules: readonly PathRule[]): string[] {
  const placements = place(rules);
  return placements.slice(4, -1).map(({ kind, path, parent, ...placement }) => {
    const marks = [placement.own && 'own', placement.sealed && 'sealed'].filter(Boolean);
    const known = placement.identity ? ['known'] : [];
    return [kind, path, 'in', placements[parent]?.path, ...marks, ...known].join(' ');
  });
}

test('what bubblewrap makes where it belongs, and a file of the sandbox', () => {
  expect(place([]).map(({ mount, ...rest }) => [mount?.op, rest])).toMatchObject([
    ['ro-bind', { kind: 'in-place', path: '/', parent: 0, below: '', own: false, sealed: false }],
    ['proc', { kind: 'in-place', path: '/proc', parent: 0, below: 'proc', own: true }],
    ['dev', { kind: 'in-place', path: '/dev', parent: 0, below: 'dev', own: true, sealed: true }],
    ['tmpfs', { kind: 'in-place', path: '/dev/shm', parent: 2, below: 'shm', own: true }],
    ['file', { kind: 'file', path: '/etc/hosts', parent: 0, below: 'etc/hosts', sealed: true }],
  ]);
});

test('a denied root is a folder of its own, and is sealed', () => {
  const [root] = place([rule('denyRead', '/'), rule('allowRead', '/usr')], ['/usr']);
  expect(root).toMatchObject({ kind: 'in-place', mount: null, own: true, sealed: true });
});

test.each<[string, PathRule[], string[]]>([
  ['a write root', [rule('allowWrite', '/w')], ['bind /w in / known']],
  [
    'what is protected in it, and the folder above, which is whatever it is',
    [rule('allowWrite', '/w'), rule('denyWrite', '/w/a/b')],
    ['bind /w in / known', 'bind /w/a in /w', 'bind /w/a/b in /w/a known'],
  ],
  ['a denied folder', [rule('denyRead', '/s')], ['cover /s in / own sealed known']],
  ['a denied file', [rule('denyRead', '/s.txt')], ['cover /s.txt in / known']],
  [
    're-opened in the private folder',
    [builtIn('private', '/tmp'), rule('allowRead', '/tmp/p')],
    ['cover /tmp in / own known', 'bind /tmp/p in /tmp known'],
  ],
  [
    'the private /dev/shm denied: not in the place of the first one',
    [rule('denyRead', '/dev/shm')],
    ['cover /dev/shm in /dev/shm own sealed known'],
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
    for (const [number, { path, parent, below }] of placements.entries()) {
      if (number === 0) continue;
      const above = placements.slice(0, number).filter((other) => isWithin(path, other.path));
      const deepest = Math.max(...above.map((other) => other.path.length));
      const last = above.findLast((other) => other.path.length === deepest);
      expect(placements[parent]).toBe(last);
      const joined = [last?.path === '/' ? '' : last?.path, below].join(below === '' ? '' : '/');
      expect({ seed, path: joined }).toEqual({ seed, path });
    }
  }
});
