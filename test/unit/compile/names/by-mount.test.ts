import { compileLaunch } from '../../../../src/compile/compile.ts';
import type { HostFacts } from '../../../../src/host/facts.ts';
import type { PathFact } from '../../../../src/host/paths.ts';
import { parseGlob } from '../../../../src/policy/glob.ts';
import type { PathRule } from '../../../../src/policy/path-rules.ts';
import type { Policy } from '../../../../src/policy/policy.ts';
import { protectedPaths } from '../../../../src/policy/protected-paths.ts';
import { pretend } from '../../../golden/pretend.ts';
import { builtIn, networkPolicy, refusal, rule } from '../../rules.ts';

const FILES = ['/work/src/main.ts', '/work/.git/HEAD', '/work/.profile', '/home/me/x', '/state/x'];
const NAMES = [
  {
    name: 'git',
    within: 'tree',
    paths: ['.git/hooks/*', '.git/config'],
    files: ['.git'],
    reason: 'r',
  },
  { name: 'shell', within: 'tree', paths: ['.profile', '.envrc', '.vscode', 'a/b'], reason: 'r' },
] as const;

interface Given {
  policy?: Partial<Policy>;
  links?: ReadonlyMap<string, string>;
  files?: readonly string[];
  empty?: readonly string[];
  facts?: ReadonlyMap<string, PathFact>;
  matches?: HostFacts['matches'];
}

function compile(paths: readonly PathRule[], { policy, links = new Map(), ...given }: Given = {}) {
  const probe = pretend([...FILES, ...(given.files ?? [])], links);
  const wanted: Policy = {
    ...networkPolicy(),
    names: 'mount',
    paths,
    protectedNames: NAMES,
    ...policy,
  };
  const probed = [...paths.map(({ path }) => path), '/state', '/work'];
  const known = new Map(
    [...probed, ...protectedPaths(wanted).map(({ path }) => path)].map((path) => [
      path,
      given.facts?.get(path) ?? probe(path),
    ]),
  );
  const folders = ['/', '/work', '/work/.git', '/work/src', '/home/me', '/state'];
  const seen = [...known.values()].flatMap((fact) =>
    fact.kind === 'directory' || fact.kind === 'file' ? [fact.real] : [],
  );
  const facts: HostFacts = {
    uid: 1000,
    gid: 1000,
    cwd: '/work',
    bubblewrap: { path: '/usr/bin/bwrap', version: '0.8.0' },
    helper: '/opt/srt/srt-init',
    nameFiles: { hosts: null, resolver: null },
    leaseFolder: '/state',
    ignoredCase: new Set(),
    openOtherwise: new Set(),
    emptyFolders: new Set(given.empty),
    usualNames: null,
    matches: given.matches ?? new Map(),
    rootLinks: new Map(),
    paths: known,
    identities: new Map(
      [...folders, ...seen].map((path, number) => [path, { device: 1n, inode: BigInt(number) }]),
    ),
  };
  return compileLaunch(wanted, facts, new Map());
}

function missing(plan: ReturnType<typeof compile>) {
  return (plan.placeholders?.folders ?? []).flatMap(({ path, missing: names }) =>
    names.map(({ name, kind }) => `${path}/${name} ${kind}`),
  );
}

const WORK = rule('allowWrite', '/work');

test('what is missing right in a write root, and in folders that are there, gets a placeholder', () => {
  const plan = compile([WORK]);
  expect(missing(plan)).toEqual([
    '/work/.git/hooks folder',
    '/work/.git/config file',
    '/work/.envrc file',
    '/work/.vscode folder',
  ]);
  expect(plan.names).toBeNull();
});

test('what is there is in use all the same, as it may be the placeholder of another', () => {
  const uses = compile([WORK]).placeholders?.folders.find(({ path }) => path === '/work')?.uses;
  expect(uses).toEqual(['.profile', '.envrc', '.vscode']);
});

test('what is there is mounted read-only', () => {
  const { placements } = compile([WORK]);
  const mounts = placements.map(({ mount }) => `${mount.op} ${mount.path}`);
  expect(mounts).toContain('ro-bind /work/.profile');
});

test('a folder where no file may be is left to its own names, unless there is nothing in it', () => {
  const mounts = (given: Given) =>
    compile([WORK], given).placements.filter(({ mount }) => mount.path === '/work/.git');
  expect(mounts({})).toEqual([]);
  const [mount] = mounts({ empty: ['/work/.git'] });
  expect(mount?.mount).toEqual({ op: 'ro-bind', path: '/work/.git' });
});

test('so is what the user denies to be read, and not what srt does', () => {
  const secret = { ...rule('denyRead', '/work/keys'), source: rule('denyRead', './keys/').source };
  const plan = compile([
    WORK,
    secret,
    rule('denyRead', '/work/.env'),
    builtIn('denyRead', '/work/.aws'),
  ]);
  expect(missing(plan)).toEqual(expect.arrayContaining(['/work/keys folder', '/work/.env file']));
  expect(missing(plan).join('\n')).not.toContain('.aws');
  expect(plan.notices.filter((notice) => notice.includes('denyRead'))).toEqual([]);
  const orphan = refusal(() => compile([WORK, rule('denyRead', '/work/not/there')]));
  expect(orphan.message).toMatch(/denyRead .* lies in "\/work\/not", which does not exist/);
});

test('a path below what gets a placeholder needs none', () => {
  const plan = compile([WORK, rule('denyWrite', '/work/.vscode/deep/file')]);
  expect(missing(plan).filter((line) => line.includes('deep'))).toEqual([]);
});

test('the plan says which names are not kept', () => {
  const { placeholders } = compile([WORK], {
    policy: { protectedNames: [...NAMES, { ...NAMES[1], name: 'wild', paths: ['.envrc.*'] }] },
  });
  expect(placeholders?.unkept).toEqual([
    { name: 'wild', what: '.envrc.*' },
    { name: 'shell', what: '/work/a/b' },
  ]);
});

test('it is said that this is not all, where there is anything to protect', () => {
  const notice = expect.stringMatching(/^filesystem\.names is "mount": .* deeper/);
  expect(compile([WORK]).notices).toEqual([notice]);
  expect(compile([]).notices).toEqual([]);
  expect(compile([WORK], { policy: { protectedNames: [] } }).notices).toEqual([]);
});

test('a path of denyWrite gets a file, or a folder where it ends so', () => {
  const folder = rule('denyWrite', '/work/src/folder');
  const typed = { ...folder, source: { ...folder.source, typed: './src/folder/' } };
  const plan = compile([WORK, rule('denyWrite', '/work/src/file'), typed]);
  expect(missing(plan)).toEqual(
    expect.arrayContaining(['/work/src/file file', '/work/src/folder folder']),
  );
});

test('nothing is made outside of write roots', () => {
  expect(missing(compile([rule('denyWrite', '/home/me/file')]))).toEqual([]);
});

test('an entry that is a protected name is not protected', () => {
  const plan = compile([WORK, rule('allowWrite', '/work/.profile')]);
  const mounted = plan.placements.filter(({ mount }) => mount.path === '/work/.profile');
  expect(mounted.map(({ mount }) => mount.op)).not.toContain('ro-bind');
});

const glob = parseGlob('*.key');
const rest = 'problem' in glob ? [] : (glob[0] ?? []);
const pattern = (list: 'allowWrite' | 'denyWrite') => {
  const { source } = rule(list, '*.key');
  return { list, base: '/work', rest, source };
};

test.each<[string, RegExp, readonly PathRule[], Given]>([
  [
    'a pattern of denyWrite',
    /denyWrite ".*is a pattern/,
    [WORK],
    { policy: { patterns: [pattern('denyWrite')] } },
  ],
  [
    'a pattern of allowWrite',
    /allowWrite ".*is a pattern/,
    [WORK],
    { policy: { patterns: [pattern('allowWrite')] } },
  ],
  [
    'a path in no folder',
    /"\/work\/no", which does not exist/,
    [WORK, rule('denyWrite', '/work/no/file')],
    {},
  ],
  [
    'a file that srt reads',
    /"\/work\/settings.json" \(built in\) does not exist/,
    [WORK, builtIn('denyWrite', '/work/settings.json')],
    {},
  ],
  [
    'a write root inside a name',
    /filesystem.protect "shell" .* would cover "\/work\/.vscode\/here"/,
    [WORK, rule('allowWrite', '/work/.vscode/here')],
    { files: ['/work/.vscode/here/x'] },
  ],
  [
    'a link in the place of a name',
    /filesystem.protect "shell" .* symbolic link "\/work\/.envrc"/,
    [WORK],
    { links: new Map([['/work/.envrc', '/home/me']]), files: [] },
  ],
  [
    'a link in the place of git',
    /filesystem.protect "git" .* symbolic link "\/work\/.git"/,
    [WORK],
    { links: new Map([['/work/.git', '/home/me']]) },
  ],
  [
    'a name that cannot be reached',
    /filesystem.protect "shell" .* cannot be reached \(EACCES\)/,
    [WORK],
    { facts: new Map([['/work/a/b', { kind: 'unreachable', errno: 'EACCES' }]]) },
  ],
])('%s is refused', (_, message, paths, given) => {
  const error = refusal(() => compile(paths, given));
  expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  expect(error.message).toMatch(message);
});

test('srt decides about all of them by default', () => {
  const plan = compile([WORK, rule('denyWrite', '/work/no/file')], {
    policy: { names: 'mediate', patterns: [pattern('denyWrite')] },
  });
  expect(plan.placeholders).toBeNull();
  expect(plan.names?.required).toBe(true);
});
