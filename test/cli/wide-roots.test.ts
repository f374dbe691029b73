import { symlinkSync } from 'node:fs';
import { type Scratch, scratch, srt } from '../support/srt.ts';

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => dir.remove());

test('a working directory that is the home folder, by whatever name, is told', async () => {
  const home = dir.folder('home');
  dir.file('home/.srt-settings.json', '{}');
  const link = `${dir.path}/link`;
  symlinkSync(home, link);
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const start = (HOME: string, cwd: string) =>
    srt(['-s', settings, 'true'], { cwd, env: { ...process.env, HOME } });
  const told = `srt: filesystem.allowWrite "." (${settings}:1:30) makes the home folder writable; name smaller folders\n`;
  for (const HOME of [home, link])
    expect(await start(HOME, home)).toMatchObject({ code: 0, stdout: '', stderr: told });
  const project = dir.folder('home/project');
  expect(await start(link, project)).toMatchObject({ code: 0, stdout: '', stderr: '' });
});
