/* The bundles on other systems, which this one pretends to be: what is loaded there, and what is said. */
import { join } from 'node:path';
import { ROOT, run, type Scratch, SRT_ALONE as SRT, scratch } from '../support/srt.ts';

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => dir.remove());

function on(platform: string, argv: readonly string[]) {
  const pretend = `Object.defineProperty(process, 'platform', { value: '${platform}' });`;
  const preload = dir.file(`${platform}.cjs`, pretend);
  return run([process.execPath, '--require', preload, ...argv], { cwd: dir.path });
}

const NO_MAC = /SystemVersion\.plist does not say which macOS this is/;

test('on macOS the part for it is loaded, and looks at the Mac first', async () => {
  const { code, stdout, stderr } = await on('darwin', [SRT, 'echo', 'ran']);
  expect([code, stdout, stderr]).toEqual([125, '', expect.stringMatching(NO_MAC)]);
});

test('on macOS an empty report is refused before anything starts', async () => {
  const { code, stdout, stderr } = await on('darwin', [SRT, '--report', 'echo', 'ran']);
  expect([code, stdout]).toEqual([125, '']);
  expect(stderr).toMatch(/--report knows of nothing on macOS/);
});

test('its doctor says what is missing, one line each, and the next step', async () => {
  const { code, stdout } = await on('darwin', [SRT, 'doctor']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^missing {3}macOS: .*does not say which macOS this is$/m);
  expect(stdout).toMatch(/^missing {3}sandbox-exec: \/usr\/bin\/sandbox-exec is missing$/m);
  expect(stdout).toMatch(/^missing {3}sandbox: .*does not say which macOS this is$/m);
});

test('the library loads it too', async () => {
  const script = `import { createSandbox, loadText, toPolicy } from ${JSON.stringify(join(ROOT, 'dist/index.js'))};
const policy = toPolicy(loadText('{}', 'x'), { home: '/', cwd: '/', protect: [] });
await createSandbox(policy, { cwd: '/' }).catch(({ code, message }) => console.log(code, message));`;
  const { stdout } = await on('darwin', [dir.file('library.mjs', script)]);
  expect(stdout).toMatch(/^SRT_HOST_MACOS_OLD .*does not say which macOS/);
});

test('elsewhere srt does not run', async () => {
  const { code, stderr } = await on('freebsd', [SRT, 'echo', 'ran']);
  expect([code, stderr]).toEqual([125, expect.stringMatching(/srt does not run on freebsd/)]);
});
