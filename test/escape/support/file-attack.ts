import { linkSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { type Scratch, scratch } from '../../support/srt.ts';
import { evaluate } from './node-script.ts';

/** Attacks on files, each one act: "write @/work/file". "@" is the folder of the layout. The acts
 * run in a sandbox and, as the control, outside on a copy of the layout: all must succeed there. */
export interface FileAttack {
  /** Each holds its own name. */
  files: readonly string[];
  folders?: readonly string[];
  /** Symbolic links and hard links, as [name, target], made before the sandbox starts. */
  links?: readonly (readonly [string, string])[];
  hardLinks?: readonly (readonly [string, string])[];
  filesystem: Readonly<Record<string, readonly string[] | boolean>>;
  /** Where the command runs. */
  cwd?: string;
  /** HOME of srt and of the command. */
  home?: string;
  /** The act, and what it gives inside: "ok" or its errno. */
  rows: readonly (readonly [act: string, inside: string])[];
  /** Files that must hold their own name after the attack. */
  untouched?: readonly string[];
}

const ACTS = `
const fs = require('node:fs');
const acts = {
  read: (path) => fs.readFileSync(path),
  list: (path) => fs.readdirSync(path),
  stat: (path) => fs.statSync(path),
  write: (path) => fs.appendFileSync(path, 'x', { flag: fs.constants.O_WRONLY | fs.constants.O_APPEND }),
  fill: (path) => fs.writeFileSync(path, 'x'),
  truncate: (path) => fs.truncateSync(path),
  create: (path) => { fs.writeFileSync(path, 'x', { flag: 'wx' }); fs.unlinkSync(path); },
  mkdir: (path) => { fs.mkdirSync(path); fs.rmdirSync(path); },
  remove: (path) => { fs.unlinkSync(path); fs.writeFileSync(path, 'x'); },
  rmdir: (path) => { fs.rmdirSync(path); fs.mkdirSync(path); },
  rename: (from, to) => {
    const undo = !fs.existsSync(to);
    fs.renameSync(from, to);
    if (undo) fs.renameSync(to, from);
  },
  link: (from, to) => { fs.linkSync(from, to); fs.unlinkSync(to); },
  plant: (target, path) => fs.symlinkSync(target, path),
  chmod: (path) => fs.chmodSync(path, 0o700),
  touch: (path) => fs.utimesSync(path, 1, 1),
};
print(input.map(([act, ...paths]) => attempt(() => acts[act](...paths))));
`;

function build(attack: FileAttack): Scratch {
  const dir = scratch();
  for (const name of attack.folders ?? []) dir.folder(name);
  for (const name of attack.files) dir.file(name, name);
  const place = (text: string) => text.replaceAll('@', dir.path);
  for (const [name, target] of attack.links ?? [])
    symlinkSync(place(target), `${dir.path}/${name}`);
  for (const [name, target] of attack.hardLinks ?? [])
    linkSync(place(target), `${dir.path}/${name}`);
  mkdirSync(place(attack.cwd ?? '@/work'), { recursive: true });
  return dir;
}

async function perform(attack: FileAttack, dir: Scratch, confined: boolean): Promise<string[]> {
  const place = (text: string) => text.replaceAll('@', dir.path);
  const settings = dir.settings(
    JSON.parse(place(JSON.stringify({ filesystem: attack.filesystem }))),
  );
  const home = attack.home === undefined ? {} : { HOME: place(attack.home) };
  return evaluate(
    ACTS,
    attack.rows.map(([act]) => place(act).split(' ')),
    {
      srt: confined ? ['-s', settings] : null,
      cwd: place(attack.cwd ?? '@/work'),
      env: { ...process.env, ...home },
    },
  );
}

/** One test for each row, and one that the untouched files are so. */
export function describeFileAttack(title: string, attack: FileAttack): void {
  describe(title, () => {
    let target: Scratch;
    let copy: Scratch;
    let inside: string[];
    let outside: string[];
    beforeAll(async () => {
      target = build(attack);
      copy = build(attack);
      outside = await perform(attack, copy, false);
      inside = await perform(attack, target, true);
    });
    afterAll(() => {
      target.remove();
      copy.remove();
    });
    test.each(
      attack.rows.map(([act, expected], row) => ({ act, expected, row })),
    )('$act: $expected', ({ expected, row }) => {
      const seen = { inside: inside[row], outside: outside[row] };
      expect(seen).toEqual({ inside: expected, outside: 'ok' });
    });
    if (attack.untouched) {
      test.each(attack.untouched)('%s holds what it held', (name) => {
        expect(readFileSync(`${target.path}/${name}`, 'utf8')).toBe(name);
      });
    }
  });
}
