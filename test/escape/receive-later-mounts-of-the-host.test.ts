/* Threat: where the host's mounts are shared, as systemd makes them, a file system that is mounted
 * while the sandbox runs (a USB stick, sshfs, an encrypted folder) appears in the sandbox too, and
 * it is not part of the read-only copy that the rules were made of. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { isRoot, requires } from '../support/requires.ts';
import { run, type Scratch, SRT, scratch } from '../support/srt.ts';

/* Root alone: srt does not start below a user namespace in which bubblewrap is not root's. */
const able = isRoot && spawnSync('unshare', ['-m', 'mount', '--make-rshared', '/']).status === 0;

/* Starts the line; when it says that it is ready, mounts; then lets it go on. */
const HOST = `
set -e
mount --make-rshared /
late=$1; shift
coproc inside { "$@"; }
exec 7<&\${inside[0]}- 8>&\${inside[1]}-
read -r ready <&7
mount -t tmpfs none "$late"
echo 'of the host' > "$late/host"
echo go >&8
cat <&7
[ ! -e "$late/new" ] || echo "the host sees it"
`;
const COMMAND = `
echo ready; read -r go
[ ! -e "$0/host" ] || echo "the file is there"
(echo x > "$0/new") 2>/dev/null && echo written
:`;

describe('a file system that is mounted while the sandbox runs', () => {
  let dir: Scratch;
  let late: string;
  beforeAll(() => {
    dir = scratch();
    late = dir.folder('late');
  });
  afterAll(() => dir.remove());

  async function attack(srt: readonly string[] | null): Promise<string[]> {
    const line = [...(srt ? [SRT, ...srt] : []), 'sh', '-c', COMMAND, late];
    const host = ['unshare', '-m', 'bash', '-c', HOST, 'bash', late, ...line];
    const { stdout, stderr } = await run(host);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((text) => text !== '');
  }

  const unshared = requires('root, and unshare of util-linux', able);

  unshared('can be written without srt: the control', async () => {
    expect(await attack(null)).toEqual(['the file is there', 'written', 'the host sees it']);
  });

  unshared('cannot be written', async () => {
    expect(await attack([])).not.toContain('written');
  });

  unshared('does not show where reading is denied', async () => {
    const settings = dir.settings({ filesystem: { denyRead: [late] } });
    expect(await attack(['-s', settings])).toEqual([]);
  });

  test('left nothing in the folder itself', () => {
    expect(existsSync(late)).toBe(true);
    expect(readdirSync(late)).toEqual([]);
  });
});
