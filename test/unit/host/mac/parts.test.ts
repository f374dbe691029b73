/* What is asked of a Mac, of files that stand for one: none of them is from a real one. */
import { join } from 'node:path';
import { probeSandboxExec } from '../../../../src/host/mac/sandbox-exec.ts';
import { probeUserTemporary } from '../../../../src/host/mac/user-temporary.ts';
import { probeVersion } from '../../../../src/host/mac/version.ts';
import { refusal } from '../../rules.ts';
import { type Temporary, temporary } from '../../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

const plist = (version: string) =>
  `<?xml version="1.0"?>\n<plist version="1.0">\n<dict>\n\t<key>ProductBuildVersion</key>\n` +
  `\t<string>99Z999</string>\n\t<key>ProductVersion</key>\n\t<string>${version}</string>\n</dict></plist>`;

describe('the version', () => {
  test.each(['13.0', '14.5', '26.1.2', '15'])('%s will do', (version) => {
    expect(probeVersion(dir.file('version.plist', plist(version)))).toBe(version);
  });

  test.each(['12.7.6', '11.0', '10.16', '9'])('%s is too old', (version) => {
    const error = refusal(() => probeVersion(dir.file('version.plist', plist(version))));
    expect(error.code).toBe('SRT_HOST_MACOS_OLD');
    expect(error.message).toContain(`macOS ${version};`);
  });

  test.each(['', 'fourteen', '14 or so', '-14'])('%j is none', (version) => {
    const error = refusal(() => probeVersion(dir.file('version.plist', plist(version))));
    expect(error.message).toMatch(/does not say which macOS/);
  });

  test('a file that is not there says none', () => {
    expect(refusal(() => probeVersion(join(dir.path, 'none'))).code).toBe('SRT_HOST_MACOS_OLD');
  });
});

describe('sandbox-exec', () => {
  test('one that belongs to root and that nobody else can write is taken', () => {
    expect(probeSandboxExec('/bin/sh')).toBe('/bin/sh');
  });

  test.each<[string, () => string, RegExp]>([
    ['none', () => join(dir.path, 'none'), /is missing/],
    ['a folder', () => dir.path, /is missing/],
    ['one that others can write', () => dir.file('a', '', 0o757), /written by others|to root/],
    ['one that cannot be executed', () => dir.file('b', '', 0o644), /executed|to root/],
  ])('%s is refused', (_what, path, problem) => {
    const error = refusal(() => probeSandboxExec(path()));
    expect(error.code).toBe('SRT_HOST_SANDBOX_EXEC');
    expect(error.message).toMatch(problem);
  });
});

describe("the user's temporary folder", () => {
  const getconf = (says: string) => dir.file('getconf', `#!/bin/sh\n${says}\n`, 0o755);

  test('is what getconf says, whatever TMPDIR says', () => {
    const says =
      'test "$1" = DARWIN_USER_TEMP_DIR && test -z "$TMPDIR" && echo /var/folders/a/b/T/';
    expect(probeUserTemporary(getconf(says))).toBe('/var/folders/a/b/T');
  });

  test.each(['exit 1', 'echo', 'echo relative', 'printf "/a\\n/b\\n"'])('%s: refused', (says) => {
    expect(refusal(() => probeUserTemporary(getconf(says))).code).toBe('SRT_HOST_PLATFORM');
  });
});
