import { exitStatusOf, renderError, renderEvent } from '../../../src/cli/render.ts';
import { SrtError, type SrtErrorCode } from '../../../src/errors.ts';
import type { SandboxEvent } from '../../../src/events.ts';

/** Every character that a terminal acts on instead of showing it. */
const CONTROLS = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  (character) => /[\u0000-\u001f\u007f-\u009f]/.test(character),
);

describe('an error', () => {
  test.each([
    [new SrtError('SRT_USAGE', 'no command given'), 'srt: no command given\n'],
    [
      new SrtError('SRT_USAGE', 'no command given', { hint: 'srt --help shows how' }),
      'srt: no command given (srt --help shows how)\n',
    ],
    [new Error('boom'), 'srt: internal error: boom\n'],
    [new TypeError('boom\n    at x.ts:1:1'), 'srt: internal error: boom\\n    at x.ts:1:1\n'],
    ['text', 'srt: internal error: text\n'],
    [undefined, 'srt: internal error: undefined\n'],
    [null, 'srt: internal error: null\n'],
    [new SrtError('SRT_USAGE', 'é 日本 "x" \\'), 'srt: é 日本 "x" \\\n'],
  ])('%s', (error, line) => {
    expect(renderError(error)).toBe(line);
  });

  test('has no control character, which could forge a line or drive the terminal', () => {
    const code = (character: string) => `0x${character.charCodeAt(0).toString(16)}`;
    const leaked = CONTROLS.filter((character) => {
      const text = `a${character}b`;
      const lines = [
        new SrtError('SRT_USAGE', text),
        new SrtError('SRT_USAGE', 'x', { hint: text }),
      ];
      return [...lines, new Error(text)].some((error) => {
        const line = renderError(error);
        return line.slice(0, -1).includes(character) || !line.includes('a\\');
      });
    });
    expect(leaked.map(code)).toEqual([]);
  });

  test('of another copy of the package is an error of srt too', () => {
    const foreign = Object.assign(new Error('x'), {
      [Symbol.for('srt-sandbox.error')]: true,
      code: 'SRT_LAUNCH_NOT_FOUND',
    });
    expect(renderError(foreign)).toBe('srt: x\n');
    expect(exitStatusOf(foreign)).toBe(127);
  });
});

test('a variable that was withheld is shown to --debug alone, without control characters', () => {
  const variables = [
    { name: 'SSH_AUTH_SOCK', reason: "points to the SSH agent's socket" },
    { name: 'A\x1b[2J', reason: 'env.deny "A*" (s.json:1:1)' },
  ];
  expect(renderEvent({ type: 'withheld', variables }, false)).toBeNull();
  expect(renderEvent({ type: 'withheld', variables }, true)).toBe(
    "srt: not passed on: SSH_AUTH_SOCK (points to the SSH agent's socket), " +
      'A\\u001b[2J (env.deny "A*" (s.json:1:1))\n',
  );
});

describe('the exit status', () => {
  test.each<[SrtErrorCode, number]>([
    ['SRT_LAUNCH_NOT_FOUND', 127],
    ['SRT_LAUNCH_NOT_EXECUTABLE', 126],
    ['SRT_LAUNCH_FAILED', 125],
    ['SRT_USAGE', 125],
    ['SRT_SETTINGS_INVALID', 125],
    ['SRT_HOST_BWRAP_MISSING', 125],
  ])('of %s is %i', (code, status) => {
    expect(exitStatusOf(new SrtError(code, 'x'))).toBe(status);
  });

  test.each([
    [new Error('x')],
    ['x'],
    [null],
  ])('of %s, which is no error of srt, is 125', (error) => {
    expect(exitStatusOf(error)).toBe(125);
  });
});

describe('an event', () => {
  const target = { protocol: 'connect', host: 'example.com', port: 443 } as const;
  const rows: [SandboxEvent, string][] = [
    [
      { type: 'started', milliseconds: 7.25, transparent: true },
      'srt: command started after 7.3 ms\n',
    ],
    [
      { type: 'started', milliseconds: 7.25, transparent: false },
      'srt: command started after 7.3 ms, with a network for programs that use proxies alone\n',
    ],
    [
      { type: 'connected', ...target, address: '192.0.2.1' },
      'srt: connected connect example.com port 443 at 192.0.2.1\n',
    ],
    [
      {
        ...{ type: 'refused', ...target, reason: 'not-allowed', rule: null },
        process: { pid: 7, command: 'curl' },
      },
      'srt: refused connect example.com port 443 by curl (7): not-allowed\n',
    ],
    [
      {
        ...{ type: 'violation', operation: 'file-read-data', target: '/a\nb' },
        process: { pid: 7, command: 'cat\u001b' },
      },
      'srt: denied file-read-data /a\\nb by cat\\u001b (7)\n',
    ],
    [
      { type: 'violation', operation: 'appleevent-send', target: '' },
      'srt: denied appleevent-send\n',
    ],
    [
      { type: 'refused', ...target, reason: 'not-allowed', rule: null },
      'srt: refused connect example.com port 443: not-allowed\n',
    ],
    [
      { type: 'refused', ...target, reason: 'denied-by-rule', rule: '*.com' },
      'srt: refused connect example.com port 443: denied-by-rule ("*.com")\n',
    ],
    [
      { type: 'refused', ...target, reason: 'denied-by-rule', rule: '*.com', because: 'use\nb' },
      'srt: refused connect example.com port 443: denied-by-rule ("*.com"): use\\nb\n',
    ],
    [
      { type: 'unreachable', ...target, errno: 'ECONNREFUSED' },
      'srt: unreachable connect example.com port 443: ECONNREFUSED\n',
    ],
    [
      { type: 'refused', ...target, host: 'a\u202eb\x9b', reason: 'malformed-host', rule: null },
      'srt: refused connect a\\u202eb\\u009b port 443: malformed-host\n',
    ],
    [
      { type: 'refused', ...target, host: 'a\0b\n\x1b[2J', reason: 'malformed-host', rule: null },
      'srt: refused connect a\\u0000b\\n\\u001b[2J port 443: malformed-host\n',
    ],
  ];

  test.each(rows)('%j is a line with --debug, and none without', (event, line) => {
    expect(renderEvent(event, true)).toBe(line);
    expect(renderEvent(event, false)).toBeNull();
  });

  test('a notice is always a line', () => {
    const notice: SandboxEvent = { type: 'notice', message: 'a\r\nb' };
    expect(renderEvent(notice, false)).toBe('srt: a\\r\\nb\n');
    expect(renderEvent(notice, true)).toBe('srt: a\\r\\nb\n');
  });
});
