import { chmodSync, chownSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { probeBubblewrap } from '../../../src/host/bubblewrap.ts';
import { isRoot } from '../../support/requires.ts';
import { refusal } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

/** A file that stands for a bubblewrap with this text in it. */
const fake = (content: string, mode = 0o755) => dir.file('bwrap', content, mode);

const version = (text: string) => `\x7fELF\0\0bubblewrap ${text}\0usage: `;

/** What the probe says: a version, or the code of its refusal. Whoever is not root cannot make
 * files of root's, and gets the refusal for that before a version is looked at. */
function judge(path: string): string {
  try {
    return probeBubblewrap([path]).version;
  } catch {
    return refusal(() => probeBubblewrap([path])).code;
  }
}

const asRoot = (verdict: string) => (isRoot ? verdict : 'SRT_HOST_BWRAP_UNSAFE');

describe('missing', () => {
  test('everywhere', () => {
    const places = [join(dir.path, 'a'), join(dir.path, 'b/bwrap')];
    const error = refusal(() => probeBubblewrap(places));
    expect(error).toMatchObject({
      code: 'SRT_HOST_BWRAP_MISSING',
      message: 'bubblewrap is not installed',
      details: { places },
    });
    expect(error.hint).toContain('install');
  });

  test('a folder of that name is none', () => {
    expect(judge(dir.folder('bwrap'))).toBe('SRT_HOST_BWRAP_MISSING');
  });

  test('a link to nothing is none', () => {
    symlinkSync('not-there', join(dir.path, 'bwrap'));
    expect(judge(join(dir.path, 'bwrap'))).toBe('SRT_HOST_BWRAP_MISSING');
  });

  test('no place to look at', () => {
    expect(refusal(() => probeBubblewrap([])).code).toBe('SRT_HOST_BWRAP_MISSING');
  });
});

describe('the version that stands in the file', () => {
  test.each([
    ['0.8.0', '0.8.0'],
    ['0.8', '0.8'],
    ['0.9.0', '0.9.0'],
    ['0.11.2', '0.11.2'],
    ['0.80.0', '0.80.0'],
    ['0.7.0', 'SRT_HOST_BWRAP_OLD'],
    ['0.7.9', 'SRT_HOST_BWRAP_OLD'],
    ['0.1.8', 'SRT_HOST_BWRAP_OLD'],
    ['0.0.80', 'SRT_HOST_BWRAP_OLD'],
  ])('%s: %s', (text, verdict) => {
    expect(judge(fake(version(text)))).toBe(asRoot(verdict));
  });

  test('too old says which it is and which it should be', () => {
    const error = refusal(() => probeBubblewrap([fake(version('0.6.2'))]));
    if (isRoot) {
      expect(error.message).toMatch(/bubblewrap 0\.6\.2; srt needs 0\.8 or newer$/);
      expect(error.hint).toContain('upgrade');
    } else expect(error.message).toMatch(/does not belong to root$/);
  });
});

describe('the version that the program prints', () => {
  const printing = (text: string, status = 0) =>
    fake(
      `#!/bin/sh\n[ "$1" = --version ] && printf '%s\\n' 'bubble''wrap ${text}'\nexit ${status}\n`,
    );

  test.each([
    ['0.9.1', 0, '0.9.1'],
    ['1.2.3', 0, '1.2.3'],
    ['0.4.0', 0, 'SRT_HOST_BWRAP_OLD'],
    ['of no version', 0, 'SRT_HOST_BWRAP_UNSAFE'],
    ['0.9.1', 1, 'SRT_HOST_BWRAP_UNSAFE'],
  ])('%s with status %i: %s', (text, status, verdict) => {
    expect(judge(printing(text, status))).toBe(asRoot(verdict));
  });

  test('a file that is no program', () => {
    expect(judge(fake('nothing to see', 0o644))).toBe('SRT_HOST_BWRAP_UNSAFE');
  });

  test('a file of root that is no program', () => {
    expect(refusal(() => probeBubblewrap(['/etc/passwd'])).message).toBe(
      '/etc/passwd cannot tell its version',
    );
  });
});

describe('unsafe', () => {
  test.each([
    [0o4755, 'is setuid or setgid, a mode with known privilege escalations', 'chmod a-s'],
    [0o2755, 'is setuid or setgid, a mode with known privilege escalations', 'chmod a-s'],
    [0o6755, 'is setuid or setgid, a mode with known privilege escalations', 'chmod a-s'],
  ])('mode %o: %s', (mode, problem, hint) => {
    const path = fake(version('0.11.0'), mode);
    const error = refusal(() => probeBubblewrap([path]));
    expect(error).toMatchObject({ code: 'SRT_HOST_BWRAP_UNSAFE', message: `${path} ${problem}` });
    expect(error.hint).toContain(`${hint} ${path}`);
  });

  test.each([0o775, 0o757, 0o777])('mode %o: writable by others', (mode) => {
    const path = fake(version('0.11.0'));
    chmodSync(path, mode);
    const problem = isRoot ? 'can be written by others than root' : 'does not belong to root';
    expect(refusal(() => probeBubblewrap([path]))).toMatchObject({
      code: 'SRT_HOST_BWRAP_UNSAFE',
      message: `${path} ${problem}`,
    });
  });

  test('of another user', () => {
    const path = fake(version('0.11.0'));
    if (isRoot) chownSync(path, 12345, 0);
    expect(refusal(() => probeBubblewrap([path]))).toMatchObject({
      code: 'SRT_HOST_BWRAP_UNSAFE',
      message: `${path} does not belong to root`,
    });
  });

  test('is not passed over for a later place', () => {
    const path = fake(version('0.11.0'), 0o4755);
    expect(refusal(() => probeBubblewrap([path, '/usr/bin/bwrap'])).code).toBe(
      'SRT_HOST_BWRAP_UNSAFE',
    );
  });
});

test('a missing place is passed over', () => {
  const path = fake(version('0.10.0'));
  const places = [join(dir.path, 'not-there'), dir.folder('folder'), path];
  if (isRoot) expect(probeBubblewrap(places)).toEqual({ path, version: '0.10.0' });
  else expect(refusal(() => probeBubblewrap(places)).message).toContain(path);
});
