import { constants } from 'node:os';
import { notExecuted, startFailure } from '../../../src/supervisor/start-failure.ts';

const { ENOENT, EACCES, EPERM, E2BIG, ENOEXEC, ELOOP, ENOTDIR, ENOSYS } = constants.errno;

test.each([
  ['EBUSY', /intercepts system calls already, .* \(EBUSY\)$/],
  ['EINVAL', /older than Linux 5\.19 \(EINVAL\)$/],
  ['EPERM', /: EPERM$/],
] as const)('where names cannot be decided about (%s), it says what can be done', (name, message) => {
  const step = 'decide about files by name';
  const errno = constants.errno[name];
  const error = startFailure({ type: 'failed', step, errno }, null, '', []);
  expect(error.code).toBe('SRT_HOST_NAMES');
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(/"names": "mount"/);
});

describe('a command that was not executed', () => {
  const execute = (errno: number, command: string) =>
    notExecuted({ type: 'not-executed', step: 'exec', errno }, command);

  test.each([
    ['npx', ENOENT, 'SRT_LAUNCH_NOT_FOUND', '"npx": command not found'],
    ['', ENOENT, 'SRT_LAUNCH_NOT_FOUND', '"": command not found'],
    ['a\nb', ENOENT, 'SRT_LAUNCH_NOT_FOUND', '"a\\nb": command not found'],
    ['./x', EACCES, 'SRT_LAUNCH_NOT_EXECUTABLE', '"./x": cannot execute (EACCES)'],
    ['./x', ENOEXEC, 'SRT_LAUNCH_NOT_EXECUTABLE', '"./x": cannot execute (ENOEXEC)'],
    ['./x', ENOTDIR, 'SRT_LAUNCH_NOT_EXECUTABLE', '"./x": cannot execute (ENOTDIR)'],
    ['./x', ELOOP, 'SRT_LAUNCH_NOT_EXECUTABLE', '"./x": cannot execute (ELOOP)'],
    ['./x', 9999, 'SRT_LAUNCH_NOT_EXECUTABLE', '"./x": cannot execute'],
    [
      'x',
      E2BIG,
      'SRT_LAUNCH_NOT_EXECUTABLE',
      '"x": arguments and environment are too long (E2BIG)',
    ],
  ])('%j, errno %i: %s', (command, errno, code, message) => {
    const error = execute(errno, command);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).toBeUndefined();
  });

  test('below /tmp the hint says why it is not there', () => {
    expect(execute(ENOENT, '/tmp/tool').hint).toContain('filesystem.allowRead');
    expect(execute(ENOENT, '/tmpfile').hint).toBeUndefined();
  });

  test('because of its working directory', () => {
    const error = notExecuted({ type: 'not-executed', step: 'chdir', errno: ENOENT }, 'npx');
    expect(error.code).toBe('SRT_LAUNCH_FAILED');
    expect(error.message).toBe('the working directory cannot be entered (ENOENT)');
  });
});

describe('a sandbox that did not start', () => {
  test('srt-init says what failed', () => {
    const error = startFailure(
      { type: 'failed', step: 'install the filter', errno: EPERM },
      null,
      '',
      [],
    );
    expect(error).toMatchObject({
      code: 'SRT_LAUNCH_FAILED',
      message: 'the sandbox cannot be set up: install the filter (EPERM)',
      details: { step: 'install the filter', errno: 'EPERM' },
    });
  });

  const PLACES = [{ mount: { path: '/' } }, { mount: { path: '/home/me/a\nb' } }];

  test.each([
    [
      'mount 1: changed',
      'SRT_LAUNCH_CHANGED',
      'the sandbox cannot be set up: "/home/me/a\\nb" is not what srt looked at (ELOOP)',
    ],
    ['mount 0: look up', 'SRT_LAUNCH_FAILED', 'the sandbox cannot be set up: "/": look up (ELOOP)'],
    /* What srt-init cannot have said of this plan. */
    [
      'mount 2: changed',
      'SRT_LAUNCH_FAILED',
      'the sandbox cannot be set up: mount 2: changed (ELOOP)',
    ],
  ])('a mount that has no place: %s', (step, code, message) => {
    const error = startFailure({ type: 'failed', step, errno: ELOOP }, null, '', PLACES);
    expect(error).toMatchObject({ code, message });
  });

  test('a kernel that cannot make mounts', () => {
    const step = 'mount 0: restrict';
    const error = startFailure({ type: 'failed', step, errno: ENOSYS }, null, '', PLACES);
    expect(error).toMatchObject({
      code: 'SRT_LAUNCH_FAILED',
      hint: 'srt needs Linux 5.12 or newer',
    });
    const other = startFailure({ type: 'failed', step, errno: EPERM }, null, '', PLACES);
    expect(other.hint).toBeUndefined();
  });

  test('a standard stream that leads out', () => {
    const step = 'a standard stream is a directory';
    const error = startFailure({ type: 'failed', step, errno: EPERM }, null, '', []);
    expect(error).toMatchObject({
      code: 'SRT_LAUNCH_STREAM',
      message: 'a standard stream is a directory, which would lead out of the sandbox',
    });
  });

  test.each([
    ['bwrap: No permissions\n', 'bwrap: No permissions'],
    ['  one \n\n  two\n', 'one; two'],
    ['', 'it ended with status 1'],
    ['\n', 'it ended with status 1'],
  ])('bubblewrap printed %j', (complaints, what) => {
    const error = startFailure(null, 'it ended with status 1', complaints, []);
    expect(error.code).toBe('SRT_LAUNCH_FAILED');
    expect(error.message).toBe(`the sandbox did not start: ${what}`);
    expect(error.message).not.toContain('\n');
  });
});
