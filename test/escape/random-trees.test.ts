/* Random trees, settings and operations: what is done inside a sandbox has the result that the rules
 * have, put together in random-policy.ts from what the settings say. The same is done outside on a
 * copy, and what fails there is left out. `npm run random -- 1000` for many more. */
import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { bytesOf } from '../support/judge.ts';
import { below, buildTree, randomName, randomTree, realPath } from '../support/random-tree.ts';
import { pick, type Random, seeded } from '../support/seeded.ts';
import { scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';
import { type Lists, randomLists, randomPolicy, settingsOf } from './support/random-policy.ts';

const TREES = Number(process.env.SRT_RANDOM_TREES ?? 25);
const FIRST = Number(process.env.SRT_RANDOM_SEED ?? 1);
const OPERATIONS = 100;

/* Each act undoes what it did, so that the next one finds the tree as it was. */
const ACTS = `
const fs = require('node:fs');
const close = (fd) => fs.closeSync(fd);
const acts = {
  read: (path) => close(fs.openSync(path, 'r')),
  write: (path) => close(fs.openSync(path, fs.constants.O_WRONLY)),
  create: (path) => { close(fs.openSync(path, 'wx')); return () => fs.unlinkSync(path); },
  mkdir: (path) => { fs.mkdirSync(path); return () => fs.rmdirSync(path); },
  unlink: (path) => {
    if (fs.lstatSync(path).isSymbolicLink()) throw { code: 'ELOOP' };
    fs.unlinkSync(path); return () => fs.writeFileSync(path, 'text', { flag: 'wx' });
  },
  rmdir: (path) => { fs.rmdirSync(path); return () => fs.mkdirSync(path); },
  rename: (from, to) => {
    if (fs.lstatSync(to, { throwIfNoEntry: false })) throw { code: 'EEXIST' };
    fs.renameSync(from, to); return () => fs.renameSync(to, from);
  },
  link: (from, to) => { fs.linkSync(from, to); return () => fs.unlinkSync(to); },
  symlink: (path) => { fs.symlinkSync('nowhere', path); return () => fs.unlinkSync(path); },
  chmod: (path) => fs.chmodSync(path, fs.statSync(path).mode & 0o7777),
};
print(input.map(([act, ...paths]) => {
  let undo;
  const done = attempt(() => { undo = acts[act](...paths.map((path) => Buffer.from(path, 'base64'))); });
  const undone = undo ? attempt(undo) : 'ok';
  return undone === 'ok' ? done : 'not undone: ' + undone;
}));
`;

type Operation = readonly [act: string, ...paths: string[]];

const ON_WHAT_IS_THERE = ['read', 'read', 'write', 'write', 'unlink', 'rmdir', 'chmod'];
const ON_NEW_NAMES = ['create', 'create', 'mkdir', 'symlink'];

function randomOperations(random: Random, tree: ReturnType<typeof randomTree>): Operation[] {
  const links = tree.links.map(([path]) => path);
  const folders = ['', ...tree.folders, ...links];
  const known = [...tree.folders, ...tree.files, ...tree.files, ...links];
  const movable = [...known, ...tree.pipes];
  const name = () => below(pick(random, folders), randomName(random));
  return Array.from({ length: OPERATIONS }, (): Operation => {
    const kind = random(4);
    if (kind === 0) return [pick(random, ON_WHAT_IS_THERE), pick(random, known)];
    if (kind === 1) return [pick(random, ON_NEW_NAMES), name()];
    if (kind === 2) return ['rename', pick(random, movable), name()];
    return random(3) === 0
      ? ['link', pick(random, tree.files), name()]
      : [pick(random, [...ON_NEW_NAMES, ...ON_WHAT_IS_THERE]), pick(random, [name(), ...known])];
  });
}

interface Case {
  root: string;
  lists: Lists;
  operations: Operation[];
}

/** Judges each operation: "ok", "refused", or null where both are right, as a mount or what a folder
 * holds may be in the way of what names allow. */
function judgeAll({ root, lists, operations }: Case): (string | null)[] {
  const policy = randomPolicy(lists, homedir());
  const verdict = (...allowed: (boolean | null)[]) =>
    allowed.includes(false) ? 'refused' : allowed.includes(null) ? null : 'ok';
  const unless = (said: string | null, ...paths: string[]) =>
    said === 'ok' && paths.some(policy.isMounted) ? null : said;
  const isHidden = (path: string) =>
    path.split('/').some((_, at, names) => {
      const real = realPath(`${root}/${names.slice(0, at + 1).join('/')}`, true);
      return real !== null && !policy.mayRead(real);
    });
  const isFolder = (path: string) =>
    lstatSync(bytesOf(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const judge = ([act, first = '', second]: Operation) => {
    const self = realPath(`${root}/${first}`, true);
    const object = realPath(`${root}/${first}`);
    if (self === null) return null;
    if (act === 'create') return verdict(policy.mayChange(self, 'file'));
    if (act === 'mkdir') return verdict(policy.mayChange(self, 'folder'));
    if (act === 'symlink') return verdict(policy.mayChange(self, 'link'));
    if (object === null) return null;
    /* Of a denied folder with something in it that is shown, what leads there can be listed. */
    if (act === 'read') return policy.isMounted(object) ? null : verdict(policy.mayRead(object));
    if (act === 'write') return verdict(policy.mayChange(object, 'file'));
    if (act === 'chmod')
      return verdict(policy.mayChange(object, isFolder(object) ? 'folder' : 'file'));
    if (act === 'unlink') return unless(verdict(policy.mayChange(self, 'file')), self);
    if (act === 'rmdir') return unless(verdict(policy.mayChange(self, 'folder')), self);
    const to = second === undefined ? null : realPath(`${root}/${second}`, true);
    if (to === null) return null;
    const changed = object !== self ? 'link' : isFolder(self) ? 'folder' : 'file';
    const both = verdict(policy.mayChange(self, changed), policy.mayChange(to, changed));
    /* Elsewhere may be another mount (EXDEV), and with a folder goes all that is in it. */
    const isNear = dirname(self) === dirname(to) && !isFolder(self);
    return both === 'refused' || isNear ? unless(both, self, to) : null;
  };
  return operations.map((operation) => {
    const said = judge(operation);
    /* Through what cannot be read there is no way, but by the real path. */
    return said === 'ok' && operation.slice(1).some(isHidden) ? null : said;
  });
}

const REFUSALS = ['EACCES', 'EROFS', 'EBUSY', 'EXDEV', 'ENOENT'];

async function perform({ root, operations }: Case, settings: string | null): Promise<string[]> {
  const encoded = operations.map(([act, ...paths]) => [
    act,
    ...paths.map((path) => bytesOf(`${root}/${path}`).toString('base64')),
  ]);
  const srt = settings === null ? null : ['-s', settings];
  return evaluate(ACTS, encoded, { srt, cwd: dirname(root) });
}

const UNENFORCEABLE = /ended with 125: srt: filesystem.*(which it would open|could replace)/;

function shown(difference: unknown, root: string): string {
  return JSON.stringify(difference).replaceAll(root, '').replaceAll(',"literal":true', '');
}

/** What differs, or null where srt says that it cannot keep these rules. */
async function compare(seed: number, count: (said: string) => void): Promise<unknown[] | null> {
  const random = seeded(seed);
  const tree = randomTree(random);
  const dir = scratch();
  try {
    const [root, copy] = [`${dir.path}/tree`, `${dir.path}/copy`];
    buildTree(tree, root);
    buildTree(tree, copy);
    const lists = randomLists(random, tree, root);
    const given = { root, lists, operations: randomOperations(random, tree) };
    const judged = judgeAll(given);
    const outside = await perform({ ...given, root: copy }, null);
    let inside: string[];
    try {
      inside = await perform(given, dir.settings(settingsOf(lists)));
    } catch (error) {
      if (UNENFORCEABLE.test(String(error))) return null;
      throw error;
    }
    /* A link that is moved to behind itself cannot be found again: what follows has another tree. */
    const lost = outside.findIndex((there) => there.startsWith('not undone'));
    return judged.slice(0, lost === -1 ? undefined : lost).flatMap((said, at) => {
      const [here, there] = [inside[at] as string, outside[at] as string];
      const isLeft = here.startsWith('not undone');
      if (!isLeft && (said === null || there !== 'ok')) return [];
      count(said ?? 'left');
      const same = said === 'ok' ? here === 'ok' : REFUSALS.includes(here);
      return same
        ? []
        : [shown({ seed, operation: given.operations[at], said, here, lists }, root)];
    });
  } finally {
    dir.remove();
  }
}

test(`${TREES} random trees are kept as their rules say`, async () => {
  const seen = { ok: 0, refused: 0 };
  const all: unknown[] = [];
  let refusedToStart = 0;
  for (let seed = FIRST; seed < FIRST + TREES; seed++) {
    const differences = await compare(seed, (said) => {
      seen[said as keyof typeof seen]++;
    });
    if (differences === null) refusedToStart++;
    else all.push(...differences);
  }
  expect(all.slice(0, 5)).toEqual([]);
  expect(refusedToStart).toBeLessThan(TREES / 2);
  expect(seen.ok).toBeGreaterThan(10 * TREES);
  expect(seen.refused).toBeGreaterThan(10 * TREES);
}, 86_400_000);
