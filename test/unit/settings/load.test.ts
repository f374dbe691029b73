import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings, loadText } from '../../../src/settings/load.ts';
import { isRoot } from '../../support/requires.ts';
import { refusal } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

let home: Temporary;
beforeEach(() => {
  home = temporary();
});
afterEach(() => home.remove());

const none = () => loadSettings(null, home.path);
const valid = '{"network": {"allowedDomains": ["example.com"]}}';
const settings = { network: { allowedDomains: ['example.com'] } };

describe('the default file', () => {
  test('missing: nothing is allowed, and a place is still named', () => {
    const loaded = none();
    expect(loaded.settings).toEqual({});
    expect(loaded.file).toBe('~/.srt-settings.json');
    expect(loaded.locate(['network', 'allowedDomains', 0])).toBe('~/.srt-settings.json');
  });

  test('is read and called by its short name', () => {
    home.file('.srt-settings.json', valid);
    const loaded = none();
    expect(loaded.settings).toEqual(settings);
    expect(loaded.locate(['network'])).toBe('~/.srt-settings.json:1:13');
  });

  test('invalid: no defaults take its place', () => {
    home.file('.srt-settings.json', '{"network": ');
    expect(refusal(none).message).toBe('~/.srt-settings.json:1:13: value expected');
  });

  test('a folder: no defaults take its place', () => {
    home.folder('.srt-settings.json');
    expect(refusal(none)).toMatchObject({
      code: 'SRT_SETTINGS_UNREADABLE',
      message: '~/.srt-settings.json: is a directory, not a settings file',
    });
  });

  test('a link is followed', () => {
    symlinkSync(home.file('dotfiles/srt.json', valid), join(home.path, '.srt-settings.json'));
    expect(none().settings).toEqual(settings);
  });

  test('a link in a circle: no defaults take its place', () => {
    symlinkSync('.srt-settings.json', join(home.path, '.srt-settings.json'));
    expect(refusal(none).message).toMatch(/cannot be read \(ELOOP\)$/);
  });

  test('a link to nothing: no defaults take its place', () => {
    symlinkSync('not-there', join(home.path, '.srt-settings.json'));
    expect(refusal(none).code).toBe('SRT_SETTINGS_UNREADABLE');
  });
});

describe('a named file', () => {
  const load = (name: string) => loadSettings(name, home.path);

  test('is read and called as it was named, and the default is not', () => {
    home.file('.srt-settings.json', 'not even JSON');
    const file = home.file('my.jsonc', `// mine\n${valid}`);
    const loaded = load(file);
    expect(loaded).toMatchObject({ settings, file });
    expect(loaded.locate(['network'])).toBe(`${file}:2:13`);
  });

  test('a byte order mark is not part of the text', () => {
    expect(load(home.file('bom.json', `\ufeff${valid}`)).settings).toEqual(settings);
  });

  test('exactly 1 MiB', () => {
    const text = valid.padEnd(1024 * 1024, ' ');
    expect(load(home.file('large.json', text)).settings).toEqual(settings);
  });

  test.each([
    ['missing', 'not-there.json', 'no such settings file'],
    ['in a file', 'file/settings.json', 'the settings file cannot be read (ENOTDIR)'],
    ['a folder', 'folder', 'is a directory, not a settings file'],
    ['1 MiB and a byte', 'large', 'the settings file is larger than 1 MiB'],
    ['Latin-1', 'latin1', 'the settings file is not UTF-8 text'],
    ['UTF-16', 'utf16', 'the settings file is not UTF-8 text'],
    ['a cut character', 'cut', 'the settings file is not UTF-8 text'],
    ['a NUL in the name', 'a\0b', 'the name contains a NUL byte'],
    ['a long name', 'a'.repeat(300), 'the settings file cannot be read (ENAMETOOLONG)'],
  ])('%s is an error', (_what, name, problem) => {
    home.file('file');
    home.folder('folder');
    home.file('large', valid.padEnd(1024 * 1024 + 1, ' '));
    home.file('latin1', Buffer.from('{"a": "\xe9"}', 'latin1'));
    home.file('utf16', Buffer.from(`\ufeff${valid}`, 'utf16le'));
    home.file('cut', Buffer.concat([Buffer.from('{"a": "'), Buffer.from([0xe2, 0x82])]));
    const path = join(home.path, name);
    expect(refusal(() => load(path))).toMatchObject({
      code: 'SRT_SETTINGS_UNREADABLE',
      message: `${path}: ${problem}`,
    });
  });

  test('no bytes', () => {
    const path = home.file('empty.json');
    expect(refusal(() => load(path)).message).toBe(`${path}:1:1: the settings file is empty`);
  });

  test('NUL bytes are no white space', () => {
    const path = home.file('nul.json', `${valid}\0`);
    expect(refusal(() => load(path)).code).toBe('SRT_SETTINGS_INVALID');
  });

  test('an empty name', () => {
    expect(refusal(() => load('')).message).toBe('the name of the settings file is empty');
  });

  test('no permission', () => {
    const path = home.file('secret.json', valid, 0);
    if (isRoot) expect(load(path).settings).toEqual(settings);
    else expect(refusal(() => load(path)).message).toMatch(/not readable \(EACCES\)$/);
  });

  test('without an end', () => {
    expect(refusal(() => load('/dev/zero')).message).toMatch(/larger than 1 MiB$/);
  });
});

test('a pipe is read to its end', () => {
  const script = `(printf '%s' '${valid}'; sleep 0.05) > "$0" &`;
  const path = join(home.path, 'pipe');
  execFileSync('mkfifo', [path]);
  execFileSync('sh', ['-c', script, path], { stdio: 'ignore' });
  expect(loadSettings(path, home.path)).toMatchObject({ settings, file: path });
});

test('text is loaded under the name it is given', () => {
  const loaded = loadText(valid, 'inline');
  expect(loaded).toMatchObject({ settings, file: 'inline' });
  expect(loaded.locate(['network'])).toBe('inline:1:13');
});
