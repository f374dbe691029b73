/* Threat: a rule names a path through a symbolic link that lies in a write root. The first run
 * points the link elsewhere; in the second run the same rule means another place. Both runs have
 * the same settings. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Scratch, scratch, srt } from '../support/srt.ts';

const REPLANT = 'rm -rf "$1" && ln -s "$2" "$1"';

describe('a link in a write root', () => {
  let dir: Scratch;
  beforeEach(() => {
    dir = scratch();
    dir.folder('work');
  });
  afterEach(() => dir.remove());

  function inSandbox(filesystem: Record<string, string[]>, line: string, ...words: string[]) {
    const settings = dir.settings({ filesystem });
    return srt(['-s', settings, 'sh', '-c', line, 'sh', ...words], { cwd: join(dir.path, 'work') });
  }

  test('does not become a write root of its own', async () => {
    const rules = { allowWrite: ['.', './build'] };
    const canary = dir.file('outside/canary', 'original');
    dir.folder('work/build');
    await inSandbox(rules, REPLANT, 'build', '../outside');
    const second = await inSandbox(rules, 'echo evil > build/canary', '');
    expect(second.code).not.toBe(0);
    expect(readFileSync(canary, 'utf8')).toBe('original');
    const control = await run(['sh', '-c', 'echo evil > "$0"', canary]);
    expect(control.code).toBe(0);
  });

  test('does not re-open what denyRead hides', async () => {
    const rules = { allowWrite: ['.'], denyRead: ['../keys'], allowRead: ['./shown'] };
    const secret = dir.file('keys/secret', 'the secret');
    dir.folder('work/shown');
    await inSandbox(rules, REPLANT, 'shown', '../keys/secret');
    const second = await inSandbox(rules, 'cat shown', '');
    expect(second.stdout).toBe('');
    expect((await run(['cat', secret])).stdout).toBe('the secret');
  });

  test('that only a pattern lets be made, does not re-open what denyRead hides', async () => {
    const rules = {
      allowWrite: ['./*.link'],
      denyRead: ['../keys'],
      allowRead: ['./shown.link'],
    };
    const secret = dir.file('keys/secret', 'the secret');
    const first = await inSandbox(rules, REPLANT, 'shown.link', '../keys/secret');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const second = await inSandbox(rules, 'cat shown.link', '');
    expect(second).toMatchObject({ code: 125, stdout: '' });
    expect(second.stderr).toMatch(
      /allowRead "\.\/shown\.link" \(.*:1:\d+\) leads through the symbolic link ".*\/work\/shown\.link"/,
    );
    expect((await run(['cat', secret])).stdout).toBe('the secret');
  });

  test('that only a pattern lets be made, does not become a write root', async () => {
    const rules = { allowWrite: ['./*.link', './build.link'] };
    const canary = dir.file('outside/canary', 'original');
    await inSandbox(rules, REPLANT, 'build.link', '../outside');
    const second = await inSandbox(rules, 'echo evil > build.link/canary', '');
    expect(second.code).toBe(125);
    expect(second.stderr).toMatch(
      /allowWrite "\.\/build\.link" .* leads through the symbolic link/,
    );
    expect(readFileSync(canary, 'utf8')).toBe('original');
    const line = 'echo evil > build.link/canary';
    expect((await run(['sh', '-c', line], { cwd: join(dir.path, 'work') })).code).toBe(0);
    expect(readFileSync(canary, 'utf8')).toBe('evil\n');
  });

  test('beside what a pattern opens is followed', async () => {
    const rules = { allowWrite: ['./*.link'], denyRead: ['../keys'], allowRead: ['./shown'] };
    dir.file('keys/secret', 'the secret');
    symlinkSync('../keys/secret', join(dir.path, 'work/shown'));
    const { stdout, stderr } = await inSandbox(rules, 'cat shown; rm shown', '');
    expect(stdout).toBe('the secret');
    expect(stderr).toMatch(/cannot remove 'shown'/);
  });

  test('does not take denyRead elsewhere', async () => {
    const rules = { allowWrite: ['.'], denyRead: ['./current/secret'] };
    dir.file('keys/secret', 'the secret');
    dir.file('work/other/secret', '');
    symlinkSync('../keys', join(dir.path, 'work/current'));
    await inSandbox(rules, REPLANT, 'current', 'other');
    const second = await inSandbox(rules, 'cat ../keys/secret', '');
    expect(second.stdout).toBe('');
    expect((await run(['cat', join(dir.path, 'keys/secret')])).stdout).toBe('the secret');
  });

  test('is not where bubblewrap makes a mount point', async () => {
    const rules = { allowWrite: ['.'], denyWrite: ['./sub/made/fixed'] };
    dir.folder('outside');
    dir.folder('work/made');
    symlinkSync('../outside', join(dir.path, 'work/sub'));
    await inSandbox(rules, 'true', '');
    expect(existsSync(join(dir.path, 'outside/made'))).toBe(false);
    await run(['mkdir', join(dir.path, 'work/sub/made')]);
    expect(existsSync(join(dir.path, 'outside/made'))).toBe(true);
  });
});
