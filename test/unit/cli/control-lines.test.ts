import { splitLines } from '../../../src/cli/control-lines.ts';

/** What comes of chunks: lines as "number text", problems with a leading "!". */
function split(chunks: readonly (string | Buffer)[], limit = 10): string[] {
  const seen: string[] = [];
  const lines = splitLines(
    {
      line: (text, number) => seen.push(`${number} ${text}`),
      failed: (problem) => seen.push(`!${problem}`),
    },
    limit,
  );
  for (const chunk of chunks) lines.push(Buffer.from(chunk));
  lines.end();
  return seen;
}

test.each<[string, (string | Buffer)[], string[]]>([
  ['nothing', [], []],
  ['one line', ['abc\n'], ['1 abc']],
  ['several in one chunk', ['a\nb\nc\n'], ['1 a', '2 b', '3 c']],
  ['one in several chunks', ['a', 'b', 'c\nd', '\n'], ['1 abc', '2 d']],
  ['byte by byte', [...'ab\ncd\n'], ['1 ab', '2 cd']],
  ['a character cut in two', [Buffer.from([0xc3]), Buffer.from([0xa9, 10])], ['1 é']],
  ['carriage returns', ['a\r\nb\r\n'], ['1 a\r', '2 b\r']],
  ['blank lines, which count', ['\n \n\nx\n'], ['4 x']],
  ['a last line without its end', ['a\nb'], ['1 a', '2 b']],
  ['just as long as allowed', ['0123456789\n'], ['1 0123456789']],
  ['too long', ['0123456789x\nb\n'], ['!line 1 is longer than 10 bytes', '2 b']],
  [
    'too long in pieces',
    ['01234', '56789', 'x', 'y\nb\n'],
    ['!line 1 is longer than 10 bytes', '2 b'],
  ],
  ['too long without an end', ['0'.repeat(99)], ['!line 1 is longer than 10 bytes']],
  ['not UTF-8', [Buffer.from([0xff, 10]), 'b\n'], ['!line 1 is not UTF-8 text', '2 b']],
])('%s', (_what, chunks, seen) => {
  expect(split(chunks)).toEqual(seen);
});
