/* Threat: a rule protects a path only if it exists at the start (CVE-2026-25725). No mount can
 * protect what is not there without being seen on the host: srt-init decides by the name. */
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Scratch, scratch, srt } from '../support/srt.ts';

describe('a denyWrite path that does not exist', () => {
  let dir: Scratch;
  let work: string;
  beforeEach(() => {
    dir = scratch();
    work = dir.folder('work');
  });
  afterEach(() => dir.remove());

  async function fill(name: string, denied: string) {
    const settings = dir.settings({ filesystem: { allowWrite: ['.'], denyWrite: [denied] } });
    const line = ['sh', '-c', `mkdir -p "$(dirname ${name})" && echo x > ${name}`];
    const inside = await srt(['-s', settings, ...line], { cwd: work });
    const made = existsSync(join(work, name));
    const said = /Read-only file system/.test(inside.stderr);
    const outside = await run(line, { cwd: work });
    return { said, made, control: outside.code };
  }

  test.each([
    ['.mcp.json', './.mcp.json'],
    ['.git/hooks/pre-commit', './.git/hooks'],
    ['a/b/c', './a/b/c'],
  ])('%s is not made where %s is denied', async (name, denied) => {
    expect(await fill(name, denied)).toEqual({ said: true, made: false, control: 0 });
  });

  test('nor is what a link with nothing behind it leads to', async () => {
    symlinkSync('target', join(work, 'link'));
    expect(await fill('target', './link')).toEqual({ said: true, made: false, control: 0 });
  });
});
