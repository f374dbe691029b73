/* Threat: what is confined now widens what the next run allows: its settings, or srt itself, when
 * they lie inside a write root. */
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, type Scratch, scratch } from '../support/srt.ts';

const APPEND =
  'try { require("fs").appendFileSync(process.argv[1], "x") } catch (e) { console.log(e.code) }';
const RENAME =
  'try { require("fs").renameSync(process.argv[1], process.argv[1] + "-moved") } catch (e) { console.log(e.code) }';
const REPLACE = `
const fs = require('node:fs'), [path] = process.argv.slice(1);
try { fs.writeFileSync(path + '.new', '{}'); fs.renameSync(path + '.new', path); } catch (e) { console.log(e.code) }
`;

/** A home that is a write root as a whole, with an installation of srt and settings in it. */
function home(): { dir: Scratch; srt: string } {
  const dir = scratch();
  const installed = dir.folder('node_modules/srt-sandbox/dist');
  /* Without dist/test, which other tests are writing to. */
  const names = readdirSync(join(ROOT, 'dist')).filter((name) => name !== 'test');
  for (const name of names) {
    cpSync(join(ROOT, 'dist', name), join(installed, name), { recursive: true });
  }
  copyFileSync(join(ROOT, 'package.json'), join(installed, '..', 'package.json'));
  return { dir, srt: join(installed, 'bin', 'srt') };
}

const ALLOW_HOME = JSON.stringify({ filesystem: { allowWrite: ['~'] } });

describe('inside a home that can be written', () => {
  let place: { dir: Scratch; srt: string };
  beforeEach(() => {
    place = home();
  });
  afterEach(() => place.dir.remove());

  /** Runs a script on a path; returns the errno it was refused with, or "". */
  async function attack(script: string, path: string, options: string[] | null): Promise<string> {
    const env = { ...process.env, HOME: place.dir.path };
    const words = [process.execPath, '-e', script, path];
    const line = options === null ? words : [place.srt, ...options, ...words];
    const { code, stdout, stderr } = await run(line, { cwd: place.dir.path, env });
    const told = options === null ? /^$/ : /^srt: .* makes the home folder writable; .*\n$/;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(told) });
    return stdout.trim();
  }

  test('a file beside them can be changed: the control', async () => {
    place.dir.file('.srt-settings.json', ALLOW_HOME);
    const beside = place.dir.file('beside', 'text');
    expect(await attack(APPEND, beside, [])).toBe('');
    expect(readFileSync(beside, 'utf8')).toBe('textx');
  });

  test.each([
    ['changed', APPEND, 'EROFS'],
    ['renamed', RENAME, 'EROFS'],
    ['replaced', REPLACE, 'EROFS'],
  ])('the default settings are not %s', async (_how, script, errno) => {
    const settings = place.dir.file('.srt-settings.json', ALLOW_HOME);
    expect(await attack(script, settings, [])).toBe(errno);
    expect(readFileSync(settings, 'utf8')).toBe(ALLOW_HOME);
    expect(await attack(script, settings, null)).toBe('');
  });

  test.each([
    ['changed', APPEND, 'EROFS'],
    ['renamed', RENAME, 'EROFS'],
    ['replaced', REPLACE, 'EROFS'],
  ])('the settings that are named are not %s', async (_how, script, errno) => {
    place.dir.file('.srt-settings.json', '{}');
    const settings = place.dir.file('project/policy.json', ALLOW_HOME);
    expect(await attack(script, settings, ['-s', 'project/policy.json'])).toBe(errno);
    expect(readFileSync(settings, 'utf8')).toBe(ALLOW_HOME);
    expect(await attack(script, settings, null)).toBe('');
  });

  test('the folder of the settings is not renamed', async () => {
    place.dir.file('.srt-settings.json', '{}');
    const settings = place.dir.file('project/policy.json', ALLOW_HOME);
    const folder = join(settings, '..');
    expect(await attack(RENAME, folder, ['-s', settings])).toBe('EACCES');
    expect(await attack(RENAME, folder, null)).toBe('');
  });

  test.each([
    ['dist/bin/srt', APPEND],
    ['dist/srt.cjs', APPEND],
    ['package.json', APPEND],
    /* It is running, so not even an unconfined process could append to it. */
    [`dist/native/srt-init-${process.arch}`, RENAME],
  ])('srt itself is not changed: %s', async (name, script) => {
    place.dir.file('.srt-settings.json', ALLOW_HOME);
    const file = join(place.srt, '..', '..', '..', name);
    expect(await attack(script, file, [])).toBe('EROFS');
    expect(await attack(script, file, null)).toBe('');
  });

  test.each([
    ['node_modules/srt-sandbox', 'EROFS'],
    ['node_modules', 'EACCES'],
  ])('the folder of srt is not renamed: %s', async (name, errno) => {
    place.dir.file('.srt-settings.json', ALLOW_HOME);
    const folder = join(place.dir.path, name);
    expect(await attack(RENAME, folder, [])).toBe(errno);
    expect(await attack(RENAME, folder, null)).toBe('');
  });

  /* Where there are none yet, to make them is to change them. */
  test('default settings that do not exist are not made', async () => {
    const settings = place.dir.file('project/policy.json', ALLOW_HOME);
    const missing = join(place.dir.path, '.srt-settings.json');
    const env = { ...process.env, HOME: place.dir.path };
    const line = ['sh', '-c', 'echo "{}" > "$0"', missing];
    const inside = await run([place.srt, '-s', settings, ...line], { env });
    expect(inside.code).toBe(2);
    expect(inside.stderr).toContain('Read-only file system');
    expect(existsSync(missing)).toBe(false);
    expect((await run(line, { env })).code).toBe(0);
    expect(existsSync(missing)).toBe(true);
  });
});
