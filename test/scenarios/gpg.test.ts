/* GnuPG, whose programs talk by Unix sockets: with an agent of the sandbox's own, and with the host's
 * where the settings name it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { requires } from '../support/requires.ts';
import { run, type Scratch, scratch, srt } from '../support/srt.ts';

const PROGRAMS = ['gpg', 'gpg-agent', 'gpgconf', 'gpg-connect-agent'];
const isThere = (program: string) => !spawnSync(program, ['--version'], { stdio: 'ignore' }).error;
const machine = requires('gnupg', PROGRAMS.every(isThere));

jest.setTimeout(60_000);

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => dir.remove());

const GENERATE = `gpg --batch --quiet --passphrase '' --quick-gen-key key@example.com ed25519 sign never`;
const SIGN = 'gpg --batch --quiet --no-autostart --lock-never --sign';

const OWN = `
export GNUPGHOME=$(mktemp -d)
${GENERATE} && echo text | ${SIGN} > "$GNUPGHOME/signed"
gpg --batch --quiet --decrypt "$GNUPGHOME/signed"
gpg --batch --status-fd 1 --verify "$GNUPGHOME/signed" 2>&- | grep -o GOODSIG
gpg-connect-agent --no-autostart 'GETINFO socket_name' /bye | sed 's/.*S[.]/S./'
gpgconf --kill all
rm -rf "$GNUPGHOME"`;

machine('makes a key in /tmp and signs with it, by an agent of its own', async () => {
  const command = ['sh', '-c', OWN];
  const outside = await run(command, { timeout: 30_000 });
  expect(outside.stdout).toBe('text\nGOODSIG\nS.gpg-agent\nOK\n');
  const inside = await srt(['-s', dir.settings({}), '--', ...command], { timeout: 30_000 });
  expect(inside.stdout).toBe(outside.stdout);
});

describe('the agent of the host', () => {
  let env: NodeJS.ProcessEnv;
  let socket: string;
  beforeAll(() => {
    env = { ...process.env, HOME: dir.folder('home') };
    delete env.GNUPGHOME;
    if (!PROGRAMS.every(isThere)) return;
    execFileSync('mkdir', ['-m', '700', `${env.HOME}/.gnupg`]);
    execFileSync('sh', ['-c', GENERATE], { env, stdio: 'ignore' });
    socket = execFileSync('gpgconf', ['--list-dirs', 'agent-socket'], { env }).toString().trim();
  });
  afterAll(() => {
    if (PROGRAMS.every(isThere)) execFileSync('gpgconf', ['--kill', 'all'], { env });
  });

  const sign = ['sh', '-c', `echo text | ${SIGN} | gpg --batch --lock-never --decrypt`];
  const allowRead = ['~/.gnupg'];

  machine('signs where the list names it, and srt says what that gives away', async () => {
    const settings = dir.settings({
      filesystem: { allowRead },
      network: { allowUnixSockets: [socket] },
    });
    const inside = await srt(['-s', settings, '--', ...sign], { env });
    expect(inside.stdout).toBe('text\n');
    expect(inside.stderr).toMatch(
      /allowUnixSockets ".*S\.gpg-agent" .* gives away the OpenPGP agent/,
    );
  });

  machine('is refused where it does not', async () => {
    const settings = dir.settings({ filesystem: { allowRead } });
    const inside = await srt(['--debug', '-s', settings, '--', ...sign], { env });
    expect(inside.stdout).toBe('');
    expect(inside.stderr).toMatch(/denied connect of ".*S\.gpg-agent" by gpg/);
    expect((await run(sign, { env })).stdout).toBe('text\n');
  });
});
