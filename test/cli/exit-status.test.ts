import { chmodSync } from 'node:fs';
import { run, type Scratch, scratch, srt } from '../support/srt.ts';

describe('exit status', () => {
  let dir: Scratch;
  beforeAll(() => {
    dir = scratch();
  });
  afterAll(() => dir.remove());

  test.each([0, 1, 37, 125, 255])("the command's own: %i", async (code) => {
    const line = ['sh', '-c', `exit ${code}`];
    expect((await run(line)).code).toBe(code);
    expect((await srt(line)).code).toBe(code);
  });

  test('128+n when a signal ended the command', async () => {
    expect((await srt(['sh', '-c', 'kill -KILL $$'])).code).toBe(137);
    expect((await srt(['sh', '-c', 'kill -TERM $$'])).code).toBe(143);
  });

  test('127 for a command that is not there', async () => {
    const { code, stdout, stderr } = await srt(['no-such-command']);
    expect({ code, stdout }).toEqual({ code: 127, stdout: '' });
    expect(stderr).toBe('srt: "no-such-command": command not found\n');
  });

  test('127 too when a folder of PATH cannot be searched', async () => {
    const locked = dir.folder('locked');
    chmodSync(locked, 0);
    const env = { ...process.env, PATH: `${locked}:/usr/bin:/bin` };
    expect((await run(['sh', '-c', 'no-such-command'], { env })).code).toBe(127);
    expect((await srt(['no-such-command'], { env })).code).toBe(127);
    chmodSync(locked, 0o700);
  });

  test('126 for a file that is not executable', async () => {
    const file = dir.file('plain', 'text');
    const { code, stderr } = await srt([file]);
    expect(code).toBe(126);
    expect(stderr).toBe(`srt: ${JSON.stringify(file)}: cannot execute (EACCES)\n`);
  });
});
