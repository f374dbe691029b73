/* Threat: a rule names a symbolic link, as start-up files and settings often are (stow, chezmoi),
 * and protects what it leads to. The link itself lies in a write root: replaced by a file, it gives
 * the host what the attacker wrote, under the very name that the rule protects. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Scratch, scratch, srt } from '../support/srt.ts';

interface Attack {
  title: string;
  denyWrite: string[];
  /** Arguments of srt; without any it reads the default settings of the home folder. */
  settings: 'named by a link' | 'the default, a link' | 'beside';
  line: string;
  /** The name that must go on to give "original". */
  name: string;
}

const ATTACKS: readonly Attack[] = [
  {
    title: 'a link that denyWrite names, made anew',
    denyWrite: ['./link'],
    settings: 'beside',
    line: 'rm link; echo evil > link',
    name: 'home/link',
  },
  {
    title: 'a link that denyWrite names, renamed over',
    denyWrite: ['./link'],
    settings: 'beside',
    line: 'echo evil > new; mv -f new link',
    name: 'home/link',
  },
  {
    title: 'a linked folder above what denyWrite names',
    denyWrite: ['./folder/real'],
    settings: 'beside',
    line: 'rm folder; mkdir folder; echo evil > folder/real',
    name: 'home/folder/real',
  },
  {
    title: 'the link by which the settings are named',
    denyWrite: [],
    settings: 'named by a link',
    line: 'rm policy.json; echo evil > policy.json',
    name: 'home/policy.json',
  },
  {
    title: 'default settings that are a link',
    denyWrite: [],
    settings: 'the default, a link',
    line: 'rm .srt-settings.json; echo evil > .srt-settings.json',
    name: 'home/.srt-settings.json',
  },
];

describe('not replaced from inside', () => {
  let dir: Scratch;
  let home: string;
  beforeEach(() => {
    dir = scratch();
    home = dir.folder('home');
    dir.file('kept/real', 'original');
    symlinkSync('../kept/real', join(home, 'link'));
    symlinkSync('../kept', join(home, 'folder'));
  });
  afterEach(() => dir.remove());

  function settingsOf({ settings, denyWrite }: Attack): string[] {
    const file = dir.settings({ filesystem: { allowWrite: ['.'], denyWrite } });
    if (settings === 'beside') return ['-s', file];
    const link = settings === 'named by a link' ? 'policy.json' : '.srt-settings.json';
    symlinkSync(file, join(home, link));
    return settings === 'named by a link' ? ['-s', link] : [];
  }

  test.each(ATTACKS)('$title', async (attack) => {
    const options = { cwd: home, env: { ...process.env, HOME: home } };
    const line = ['sh', '-c', attack.line];
    const args = settingsOf(attack);
    const text = () => readFileSync(join(dir.path, attack.name), 'utf8');
    const before = text();
    await srt([...args, ...line], options);
    expect(text()).toBe(before);
    await run(line, options);
    expect(text()).toBe('evil\n');
  });
});
