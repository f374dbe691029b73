import { helperPath, probeHelper } from '../../../src/host/helper.ts';
import { refusal } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

test.each([
  ['x64', '/opt/srt/dist/native/srt-init-x64'],
  ['arm64', '/opt/srt/dist/native/srt-init-arm64'],
])('on %s it is %s', (arch, path) => {
  expect(helperPath('/opt/srt/dist', arch)).toBe(path);
});

test('is found when it can be executed', () => {
  const path = dir.file(`native/srt-init-${process.arch}`, '', 0o755);
  expect(probeHelper(dir.path)).toBe(path);
});

test.each([
  ['missing', null],
  ['not executable', 0o644],
])('%s: an error that names the build', (_what, mode) => {
  if (mode !== null) dir.file(`native/srt-init-${process.arch}`, '', mode);
  const error = refusal(() => probeHelper(dir.path));
  expect(error.code).toBe('SRT_HOST_HELPER_MISSING');
  expect(error.message).toContain(helperPath(dir.path));
  expect(error.hint).toContain('npm run build:native');
});
