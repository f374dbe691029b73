/* Threat: a descriptor that was open in the caller leads past every rule: openat(2) on a folder of
 * the host is outside the sandbox's file tree. */
import { run, type Scratch, SRT, scratch } from '../support/srt.ts';

const NUMBERS = [5, 20, 200];

describe('descriptors that the caller of srt had open', () => {
  let dir: Scratch;
  beforeAll(() => {
    dir = scratch();
    dir.file('secret', 'the secret');
  });
  afterAll(() => dir.remove());

  function withOpen(line: readonly string[]) {
    const opened = NUMBERS.map((number) => `exec ${number}<"$0"`).join('; ');
    return run(['bash', '-c', `${opened}; exec "$@"`, dir.path, ...line]);
  }

  const LIST = ['ls', '/proc/self/fd'];
  const SRT_LINE = [SRT];

  test('are in a command without srt: the control', async () => {
    const { stdout } = await withOpen(LIST);
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(NUMBERS.map(String)));
  });

  test('are not in the command', async () => {
    /* 3 is the folder that ls itself lists. */
    expect((await withOpen([...SRT_LINE, ...LIST])).stdout).toBe('0\n1\n2\n3\n');
  });

  test.each(NUMBERS)('are no way to a denied file: %i', async (number) => {
    const settings = dir.settings({ filesystem: { denyRead: [dir.path] } });
    const line = ['cat', `/proc/self/fd/${number}/secret`];
    const inside = await withOpen([...SRT_LINE, '-s', settings, ...line]);
    expect(inside.stdout).toBe('');
    expect(inside.stderr).toContain('No such file or directory');
    expect((await withOpen(line)).stdout).toBe('the secret');
  });
});
