/* ssh, and git over it, to an allowed host and port: no ProxyCommand, no proxy variable. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { runInside, WITHOUT_PROXIES } from '../support/network-sandbox.ts';
import { isRoot, requires } from '../support/requires.ts';
import { freePort } from '../support/servers.ts';
import { run, type Scratch, scratch } from '../support/srt.ts';

const SSHD = '/usr/sbin/sshd';
const present = existsSync(SSHD);
const machine = requires('sshd, ssh and git', present);

let dir: Scratch;
let server: ChildProcess | null = null;
let port = 0;

const NAMES = { 'named.test': ['127.0.0.1'], 'unlisted.test': ['127.0.0.1'] };

/** Resolves when something listens there; the test's own time limit bounds it. */
async function listening(at: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(at, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

beforeAll(async () => {
  if (!present) return;
  dir = scratch();
  /* Where sshd separates privileges; distributions make it when the service starts. */
  if (isRoot) mkdirSync('/run/sshd', { recursive: true });
  port = await freePort();
  for (const name of ['host', 'client'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${dir.path}/${name}`]);
  dir.file('authorized', readFileSync(`${dir.path}/client.pub`, 'utf8'));
  const hostKey = readFileSync(`${dir.path}/host.pub`, 'utf8');
  const names = ['named.test', 'unlisted.test', '127.0.0.1'].map((name) => `[${name}]:${port}`);
  dir.file('known', names.map((name) => `${name} ${hostKey}`).join(''));
  const config = dir.file(
    'sshd_config',
    [
      `HostKey ${dir.path}/host`,
      `AuthorizedKeysFile ${dir.path}/authorized`,
      `ListenAddress 127.0.0.1:${port}`,
      ...['PidFile none', 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no'],
      'PermitRootLogin prohibit-password',
    ].join('\n'),
  );
  const git = (...words: string[]) => execFileSync('git', ['-C', dir.folder('repo'), ...words]);
  git('init', '-q', '--bare');
  const tree = git('hash-object', '-t', 'tree', '-w', '/dev/null').toString().trim();
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const commit = git(...identity, 'commit-tree', '-m', 'first', tree)
    .toString()
    .trim();
  git('update-ref', 'refs/heads/main', commit);
  server = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: 'ignore' });
  await listening(port);
});
afterAll(() => {
  server?.kill();
  dir?.remove();
});

const options = () => [
  ...['-F', 'none', '-i', `${dir.path}/client`, '-p', String(port)],
  ...['-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${dir.path}/known`],
];
const ssh = (host: string) => [
  'ssh',
  ...options(),
  `${userInfo().username}@${host}`,
  'echo reached-by-ssh',
];
const lsRemote = (host: string) => [
  ...['env', `GIT_SSH_COMMAND=ssh ${options().join(' ')}`, 'git', 'ls-remote'],
  `ssh://${userInfo().username}@${host}:${port}${dir.path}/repo`,
];

function inside(argv: readonly string[]) {
  const allowedDomains = [`named.test:${port}`, `127.0.0.1:${port}`];
  const merged = ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv];
  const work = dir.folder('work');
  return runInside(
    { network: { allowedDomains }, filesystem: { allowWrite: [work] }, names: NAMES, cwd: work },
    [...WITHOUT_PROXIES, ...merged],
  );
}

describe.each([
  ['ssh', ssh, /reached-by-ssh/],
  ['git over ssh', lsRemote, /refs\/heads\/main/],
] as const)('%s', (_name, argv, said) => {
  machine('reaches an allowed host, as outside', async () => {
    expect((await run(argv('127.0.0.1'))).stdout).toMatch(said);
    expect((await inside(argv('named.test'))).stdout).toMatch(said);
  });

  machine('does not reach a host that is not listed', async () => {
    const { stdout, events } = await inside(argv('unlisted.test'));
    expect(stdout).toMatch(/Could not resolve hostname unlisted\.test/);
    expect(events).toContainEqual(expect.objectContaining({ type: 'refused', protocol: 'dns' }));
  });

  machine('does not reach another port of an allowed host', async () => {
    const words = argv('named.test').map((word) => word.replaceAll(String(port), '22'));
    const { stdout } = await inside(words);
    expect(stdout).toMatch(/connect to host named\.test port 22: Permission denied/);
  });
});

/* One connection for all: those that follow reach the first by a Unix socket, which it makes under
 * another name and links to its own. They could not connect by themselves. */
const SHARED = `
path=$1 to=$2; shift 2
ssh "$@" -o ControlMaster=yes -o ControlPath="$path" -fNT "$to"
ssh "$@" -o ControlPath="$path" -O check "$to"
for i in 1 2; do
  ssh "$@" -o ControlPath="$path" -o ProxyCommand=false "$to" 'cat; echo reached-by-ssh' < /dev/null
done
ssh "$@" -o ControlPath="$path" -O exit "$to"
ssh "$@" -o ControlPath="$path" -o ProxyCommand=false "$to" true || echo "gone: $?"`;

describe.each(['/tmp/%C', './shared', './missing/%C'])('ControlPath %s', (path) => {
  const isMissing = path.includes('missing');
  const shared = (host: string) => {
    const argv = ['sh', '-c', SHARED, 'sh', path, `${userInfo().username}@${host}`, ...options()];
    return ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv];
  };

  machine(isMissing ? 'fails, as outside' : 'is shared, as outside', async () => {
    const said = isMissing
      ? /cannot bind to path|No such file or directory/
      : /^Master running .*\n(reached-by-ssh\n){2}Exit request sent.*\n(.*\n)*gone: 255\n$/;
    const outside = await run(shared('127.0.0.1'), { cwd: dir.folder('work') });
    expect(outside.stdout.replaceAll('\r', '')).toMatch(said);
    const { stdout, events } = await inside(shared('named.test'));
    expect(stdout.replaceAll('\r', '')).toMatch(said);
    expect(events.filter(({ type }) => type === 'refused')).toEqual([]);
  });
});
