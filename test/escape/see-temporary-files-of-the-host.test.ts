/* Threat: /tmp holds other programs' files, sockets and names to squat on. A sandbox has its own,
 * and none of it is left on the host. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { evaluate } from './support/node-script.ts';

const PROBE = `
const fs = require('node:fs'), os = require('node:os');
const result = {
  read: attempt(() => fs.readFileSync(input.folder + '/file')),
  listed: fs.readdirSync('/tmp').includes(input.name),
  made: attempt(() => fs.writeFileSync(input.made, 'x')),
  shared: attempt(() => fs.writeFileSync(input.shared, 'x')),
  tmpdir: os.tmpdir(),
};
print(result);
`;

interface Seen {
  read: string;
  listed: boolean;
  made: string;
  shared: string;
  tmpdir: string;
}

describe('the temporary folder', () => {
  let folder: string;
  let inside: Seen;
  let outside: Seen;
  const left = new Map<string, boolean>();
  beforeAll(async () => {
    folder = mkdtempSync('/tmp/srt-test-');
    writeFileSync(`${folder}/file`, 'of the host');
    const name = basename(folder);
    const made = `/tmp/${name}-made`;
    const input = { folder, name, made, shared: `/dev/shm/${name}` };
    inside = await evaluate<Seen>(PROBE, input, { srt: [], cwd: '/' });
    for (const path of [made, input.shared]) left.set(`inside ${path}`, existsSync(path));
    outside = await evaluate<Seen>(PROBE, input, { srt: null, cwd: '/' });
    for (const path of [made, input.shared]) {
      left.set(`outside ${path}`, existsSync(path));
      rmSync(path, { force: true });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("a file in the host's /tmp is not there", () => {
    expect(outside).toMatchObject({ read: 'ok', listed: true });
    expect(inside).toMatchObject({ read: 'ENOENT', listed: false });
  });

  test('the command can use its own /tmp and /dev/shm', () => {
    expect(inside).toMatchObject({ made: 'ok', shared: 'ok', tmpdir: '/tmp' });
  });

  test('what it makes there is not on the host', () => {
    const [made, shared] = [`/tmp/${basename(folder)}-made`, `/dev/shm/${basename(folder)}`];
    expect(left.get(`outside ${made}`)).toBe(true);
    expect(left.get(`outside ${shared}`)).toBe(true);
    expect(left.get(`inside ${made}`)).toBe(false);
    expect(left.get(`inside ${shared}`)).toBe(false);
  });
});
