import { readFileSync } from 'node:fs';
import { run, type Scratch, SRT, scratch, srt } from '../support/srt.ts';

/* Prints its arguments as JSON lists of bytes: nothing that a shell or a decoder could hide. */
const SHOW = 'for a in "$@"; do printf "%s" "$a" | od -An -v -tu1 | tr -d "\\n"; echo; done';

function bytes(shown: string): number[][] {
  return shown
    .split('\n')
    .slice(0, -1)
    .map((line) => line.trim().split(/\s+/).filter(Boolean).map(Number));
}

describe('arguments', () => {
  test('reach the command byte for byte', async () => {
    const odd = [
      '',
      ' ',
      'a\nb',
      '"\'',
      '$(id)',
      '*',
      '\\',
      '--',
      '-c',
      '-d',
      '--help',
      'é',
      '\x7f',
    ];
    const command = ['sh', '-c', SHOW, 'sh', ...odd];
    const control = await run(command);
    const inside = await srt(['--', ...command]);
    expect(bytes(control.stdout)).toEqual(odd.map((word) => [...Buffer.from(word)]));
    expect(inside).toEqual(control);
  });

  test('that are not UTF-8 too', async () => {
    /* Node cannot spawn such a word itself, so a shell makes it. */
    const line = `exec "$0" "$@" "$(printf '\\377\\376x')"`;
    const command = ['sh', '-c', SHOW, 'sh'];
    const control = await run(['sh', '-c', line, ...command]);
    const inside = await run(['sh', '-c', line, SRT, '--', ...command]);
    expect(bytes(control.stdout)).toEqual([[255, 254, 120]]);
    expect(inside).toEqual(control);
  });

  test('so do environment values that are not UTF-8', async () => {
    const line = `ODD="$(printf '\\377')" exec "$0" "$@"`;
    const command = ['sh', '-c', 'printf %s "$ODD" | od -An -tu1'];
    const inside = await run(['sh', '-c', line, SRT, '--', ...command]);
    expect(inside).toEqual(await run(['sh', '-c', line, ...command]));
    expect(inside.stdout.trim()).toBe('255');
  });

  test.each([
    [
      'options after the command are its own',
      ['printf', '%s,', '-d', '--version'],
      '-d,--version,',
    ],
    ['a command named like the value of a flag', ['-d', 'true'], ''],
    ['-c runs a shell line', ['-c', 'echo $((6 * 7))'], '42\n'],
    ['-c takes further words as $0 and up', ['-c', 'echo "$0|$1"', 'a', 'b c'], 'a|b c\n'],
    ['--', ['--', 'printf', '%s', '--'], '--'],
  ])('%s', async (_name, args, stdout) => {
    expect(await srt(args)).toMatchObject({ code: 0, stdout });
  });

  test.each([
    [
      ['--version'],
      readFileSync(`${__dirname}/../../package.json`, 'utf8').match(/"version": "(.*?)"/)?.[1],
    ],
    [['--help'], 'srt [options] [--] command'],
  ])('srt %j prints on standard output', async (args, expected) => {
    const { code, stdout, stderr } = await srt(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(expected);
  });
});

describe('standard streams', () => {
  let dir: Scratch;
  beforeAll(() => {
    dir = scratch();
  });
  afterAll(() => dir.remove());

  test('input passes through to its end, and output is the command alone', async () => {
    const input = Buffer.alloc(3_000_000, 'srt\0\n\xff');
    const { code, stdout, stderr } = await srt(['sh', '-c', 'wc -c; echo error >&2'], { input });
    expect({ code, stdout: stdout.trim(), stderr }).toEqual({
      code: 0,
      stdout: '3000000',
      stderr: 'error\n',
    });
  });

  test('an early end of the reader ends the command as it does without srt', async () => {
    const line = 'set -o pipefail; "$@" yes | head -n 1; echo "${PIPESTATUS[0]}"';
    const control = await run(['bash', '-c', line, 'bash', 'env']);
    const inside = await run(['bash', '-c', line, 'bash', SRT, '--']);
    expect(control.stdout).toBe('y\n141\n');
    expect(inside).toEqual(control);
  });

  test.each(['<&-', '>&-', '2>&-', '<&- >&- 2>&-'])('closed streams: %s', async (closed) => {
    const line = `"$@" sh -c 'exit 5' ${closed}`;
    expect((await run(['sh', '-c', line, 'sh', SRT, '--'])).code).toBe(5);
  });

  test('a folder as standard input would lead out of the sandbox and is refused', async () => {
    const line = `"$@" ls /proc/self/fd/0/ < ${dir.path}`;
    expect((await run(['sh', '-c', line, 'sh', 'env'])).code).toBe(0);
    const { code, stderr } = await run(['sh', '-c', line, 'sh', SRT, '--']);
    expect(code).toBe(125);
    expect(stderr).toMatch(/^srt: a standard stream is a directory, .*\n$/);
  });
});
