import { compileLaunch } from '../../../src/compile/compile.ts';
import { hostsFile } from '../../../src/compile/name-files.ts';
import type { LaunchPlan } from '../../../src/compile/plan.ts';
import type { HostFacts } from '../../../src/host/facts.ts';
import type { PathFact } from '../../../src/host/paths.ts';
import type { Forward } from '../../../src/policy/forward.ts';
import type { PathRule } from '../../../src/policy/path-rules.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { builtIn, networkPolicy, refusal, rule } from '../rules.ts';

/** A machine on which every path is a folder in its own place. */
const HOSTS = '# hosts\n127.0.0.1 localhost\n127.0.1.1 me\n192.0.2.7 intranet.example.com\n';

function compile(paths: PathRule[], cwd: string, policy: Partial<Policy> = {}) {
  const facts: HostFacts = {
    uid: 1000,
    gid: 100,
    cwd,
    bubblewrap: { path: '/usr/bin/bwrap', version: '0.8.0' },
    helper: '/opt/srt/srt-init',
    nameFiles: { hosts: { path: '/etc/hosts', text: HOSTS }, resolver: '/etc/resolv.conf' },
    leaseFolder: '/state',
    ignoredCase: new Set(),
    openOtherwise: new Set(),
    emptyFolders: new Set(),
    rootLinks: new Map(),
    matches: new Map(),
    usualNames: null,
    paths: new Map<string, PathFact>([
      ['/state', { kind: 'missing', real: '/state', links: [] }],
      ...paths.map(({ path }): [string, PathFact] => [
        path,
        { kind: 'directory', real: path, links: [] },
      ]),
    ]),
    identities: new Map(
      [...paths.map(({ path }) => path), cwd].map((path) => [path, { device: 1n, inode: 2n }]),
    ),
  };
  return compileLaunch({ ...networkPolicy(), ...policy, paths }, facts, new Map());
}

function contentOf(path: string, { placements }: LaunchPlan): string | null {
  const found = placements.find(({ mount }) => mount.op === 'file' && mount.path === path);
  return found?.mount.op === 'file' ? found.mount.content.toString() : null;
}

const files = ({ placements }: LaunchPlan) =>
  placements.filter(({ mount: { op } }) => op === 'file').map(({ mount: { path } }) => path);

/** What is mounted at a path, from the first to the last. */
function mountsAt(path: string, { placements }: LaunchPlan): unknown[] {
  return placements.flatMap(({ mount }) => (mount.path === path ? [mount.op] : []));
}

test('a plan names the programs, the ids, the ports and the environment', () => {
  const plan = compile([], '/work');
  expect(plan).toMatchObject({
    bubblewrap: '/usr/bin/bwrap',
    helper: '/opt/srt/srt-init',
    uid: 1000,
    gid: 100,
    cwd: '/work',
    mediate: true,
    notices: [],
  });
  expect(plan.environment.get('HTTP_PROXY')?.toString()).toBe('HTTP_PROXY=http://127.0.0.1:3128');
});

const services = (plan: ReturnType<typeof compile>) =>
  plan.listeners.map(({ service, kind, port }) => `${service} ${kind} ${port}`);

describe('the network', () => {
  test('is proxies, a gateway and DNS', () => {
    const plan = compile([], '/work');
    expect(services(plan)).toEqual([
      'http tcp 3128',
      'socks tcp 1080',
      'transparent gateway 3129',
      'dns udp 53',
      'dns tcp 53',
    ]);
    expect(mountsAt('/etc/resolv.conf', plan)).toEqual(['file']);
    expect(contentOf('/etc/resolv.conf', plan)).toMatch(/^nameserver 127\.0\.0\.1$/m);
  });

  test('knows of other machines by DNS alone', () => {
    expect(contentOf('/etc/hosts', compile([], '/work'))).toBe(
      '127.0.0.1 localhost\n127.0.1.1 me\n',
    );
  });

  test('leaves a hosts file that knows of no other machine where it is', () => {
    expect(
      hostsFile('# loopback\n\n127.0.0.1 localhost\n::1\tlocalhost ip6-localhost\n'),
    ).toBeNull();
    expect(hostsFile('')).toBeNull();
    expect(hostsFile('127.0.0.1 a\n::ffff:192.0.2.1 b\n')?.toString()).toBe('127.0.0.1 a\n');
  });

  test('is proxies alone when it is not transparent', () => {
    const plan = compile([], '/work', { transparent: false });
    expect(services(plan)).toEqual(['http tcp 3128', 'socks tcp 1080']);
    expect(files(plan)).toEqual([]);
  });

  test('shows no file that a rule hides', () => {
    const plan = compile([rule('denyRead', '/etc')], '/work');
    expect(files(plan)).toEqual([]);
  });

  test('has a listener for each forward into the host', () => {
    const source = { setting: 'network.forward', typed: '', where: null };
    const forwards: Forward[] = [
      { direction: 'to-host', hostPort: 5432, sandboxPort: 5433, source },
      { direction: 'to-sandbox', hostPort: 8080, sandboxPort: 80, source },
    ];
    const plan = compile([], '/work', { forwards, transparent: false });
    expect(services(plan)).toEqual(['http tcp 3128', 'socks tcp 1080', 'forward tcp 5433']);
  });
});

describe('the working directory', () => {
  const tmp = builtIn('private', '/tmp');

  test('below the private /tmp is shown, read-only', () => {
    expect(mountsAt('/tmp/project', compile([tmp], '/tmp/project'))).toEqual(['ro-bind']);
  });

  test('there is writable when a rule says so', () => {
    const plan = compile([tmp, rule('allowWrite', '/tmp/project')], '/tmp/project');
    expect(mountsAt('/tmp/project', plan)).toEqual(['bind']);
  });

  test('/tmp itself stays private', () => {
    expect(mountsAt('/tmp', compile([tmp], '/tmp'))).toEqual(['tmpfs']);
  });

  test.each([
    ['itself', '/work'],
    ['with what is above it', '/'],
  ])('denied %s is refused', (_what, denied) => {
    const error = refusal(() => compile([rule('denyRead', denied)], '/work'));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain('the working directory /work is denied');
    expect(error.hint).toContain('filesystem.allowRead');
  });

  test('in a denied folder is fine where it is re-opened', () => {
    const paths = [rule('denyRead', '/'), rule('allowRead', '/work')];
    expect(mountsAt('/work', compile(paths, '/work'))).toEqual(['ro-bind']);
  });

  test('below a /tmp that the user denies is refused as anywhere else', () => {
    const error = refusal(() => compile([tmp, rule('denyRead', '/tmp')], '/tmp/project'));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  });
});
