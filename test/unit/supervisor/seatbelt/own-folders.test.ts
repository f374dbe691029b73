import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { ensureFolders } from '../../../../src/supervisor/seatbelt/own-folders.ts';
import { refusal } from '../../rules.ts';
import { type Temporary, temporary } from '../../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

const BELOW = ['.cache', 'srt', 'files'];
const ensure = () => ensureFolders([{ base: dir.path, below: BELOW }]);
const modeOf = (name: string) => (statSync(`${dir.path}/${name}`).mode & 0o7777).toString(8);

test('makes what is missing for its user alone', () => {
  const umask = process.umask(0);
  ensure();
  process.umask(umask);
  const modes = BELOW.map((_, at) => modeOf(BELOW.slice(0, at + 1).join('/')));
  expect(modes).toEqual(['700', '700', '700']);
});

test('leaves what is there, but for the mode of the folder that commands reach', () => {
  dir.file('.cache/srt/files/npm/kept', 'x');
  chmodSync(`${dir.path}/.cache`, 0o755);
  chmodSync(`${dir.path}/.cache/srt/files`, 0o500);
  ensure();
  expect([modeOf('.cache'), modeOf('.cache/srt/files')]).toEqual(['755', '700']);
  expect(readdirSync(`${dir.path}/.cache/srt/files`)).toEqual(['npm']);
});

test.each([
  ['a link', '.cache', () => symlinkSync('/', `${dir.path}/.cache`), '.cache" is a symbolic link'],
  ['a file', '.cache', () => dir.file('.cache', ''), '.cache" is no folder'],
  [
    'what everybody can write',
    '.cache/srt',
    () => {
      mkdirSync(`${dir.path}/.cache/srt`, { recursive: true });
      chmodSync(`${dir.path}/.cache/srt`, 0o777);
    },
    'srt" can be written by every user',
  ],
])('refuses %s at %s', (_what, _where, make, expected) => {
  make();
  const { code, message } = refusal(ensure);
  expect([code, message]).toEqual(['SRT_LAUNCH_CACHES', expect.stringContaining(expected)]);
});
