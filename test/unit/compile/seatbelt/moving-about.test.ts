/* A command that moves folders about at random, as far as the profile lets it. Whatever it does, no
 * file of its own comes to lie where a name is protected, and what was protected stays as it was and
 * where it is protected. That is judged by the rules as they are on Linux: what the profile adds to
 * them, because it judges both ends of a rename apart, has to be enough. */
import { type Changed, decideChange } from '../../../../src/policy/change-decision.ts';
import type { ChangeRules } from '../../../../src/policy/change-rules.ts';
import { parseGlob } from '../../../../src/policy/glob.ts';
import {
  carriedTo,
  type DenyPattern,
  namesEverywhere,
} from '../../../../src/policy/judged-apart.ts';
import { isWithin, type PathPattern } from '../../../../src/policy/path-rules.ts';
import { PROTECTED_NAMES } from '../../../../src/policy/protected-names.ts';
import { mayRead } from '../../../../src/policy/reading-decision.ts';
import { allows, type Profile, readProfile } from '../../../support/seatbelt/evaluate.ts';
import { FUZZ_FACTOR, pick, type Random, seeded } from '../../../support/seeded.ts';
import { rule } from '../../rules.ts';
import { compileFor } from './mac.ts';

const TMP = '/private/tmp/own';
const ROOTS = ['/Users/me', '/w', TMP];
const WALKS = 60 * FUZZ_FACTOR;
const STEPS = 120;

const IN_FORCE = ['git-hooks', 'git-config', 'git-pointer', 'vscode', 'mcp', 'opencode', 'shells'];
const NAMES = PROTECTED_NAMES.filter(({ name }) => IN_FORCE.includes(name));

function pattern(list: 'denyRead' | 'denyWrite', base: string, text: string): PathPattern {
  const [rest = []] = parseGlob(text) as Exclude<ReturnType<typeof parseGlob>, { problem: string }>;
  return { list, base, rest, source: rule(list, text).source };
}

const PATTERNS = [
  pattern('denyWrite', '/w', '**/*.key'),
  pattern('denyWrite', '/w/src', '*/gen'),
  pattern('denyWrite', '/w/src', '**/a/*/f'),
  pattern('denyRead', '/w', '**/secret'),
];

/** What is kept on Linux. */
const RULES: ChangeRules = {
  points: ROOTS.map((path) => ({
    path,
    access: 'read-write',
    source: rule('allowWrite', path).source,
  })),
  patterns: PATTERNS.flatMap((one) =>
    one.list === 'denyWrite' ? [{ ...one, list: one.list, folded: true }] : [],
  ),
  protectedNames: NAMES,
  handedOver: [],
  homes: ['/Users/me'],
};
const HIDING = PATTERNS.filter(({ list }) => list === 'denyRead') as DenyPattern[];
const isHidden = (path: string) => !mayRead({ paths: [], patterns: HIDING }, path);
const isKept = (path: string, kind: Changed) =>
  isHidden(path) || !decideChange(RULES, path, kind).allowed;

/** The same here, where names also count below folders of dependencies and patterns go with what
 * they are about. */
const HERE = { ...RULES, protectedNames: namesEverywhere(NAMES) };
const isKeptHere = (path: string, kind: Changed) =>
  isKept(path, kind) ||
  !decideChange(HERE, path, kind).allowed ||
  carriedTo(HERE, PATTERNS as DenyPattern[], path) !== null;

const FOLDERS = [
  '.git',
  'hooks',
  'src',
  'gen',
  'a',
  'node_modules',
  '.vscode',
  '.opencode',
  'plans',
];
const FILES = ['config', 'pre-commit', 'x.key', 'tasks.json', '.mcp.json', 'secret', '.zshrc', 'f'];

interface Thing {
  kind: Changed;
  /** Made or written by the command. */
  own: boolean;
  /** Protected, or hidden, before the command began. */
  kept: boolean;
  hidden: boolean;
}
type Tree = Map<string, Thing>;

function randomTree(random: Random): Tree {
  const tree: Tree = new Map(ROOTS.map((path) => [path, thing(path, 'folder')]));
  for (let count = 0; count < 30; count++) {
    const folder = pick(random, foldersOf(tree));
    const kind = random(2) === 0 ? 'folder' : 'file';
    const path = `${folder}/${pick(random, kind === 'folder' ? FOLDERS : FILES)}`;
    if (!tree.has(path)) tree.set(path, thing(path, kind));
  }
  return tree;
}

function thing(path: string, kind: Changed): Thing {
  return { kind, own: false, kept: isKept(path, kind), hidden: isHidden(path) };
}

function foldersOf(tree: Tree): string[] {
  return [...tree].flatMap(([path, { kind }]) => (kind === 'folder' ? [path] : []));
}

const TYPES = { file: 'REGULAR-FILE', folder: 'DIRECTORY', link: 'SYMLINK' } as const;

/** One thing that the command tries; true where it was done. */
function step(random: Random, tree: Tree, profile: Profile): boolean {
  const may = (operation: string, path: string, kind: Changed) =>
    allows(profile, { operation, path, vnodeType: TYPES[kind] });
  const kind = pick(random, ['file', 'folder', 'link'] as const);
  const name = pick(random, [...FOLDERS, ...FILES]);
  const to = `${pick(random, foldersOf(tree))}/${name}`;
  const [from, object] = pick(random, [...tree]);
  const isEmpty = ![...tree.keys()].some((path) => path !== from && isWithin(path, from));
  const act = random(6);
  if (act === 0) {
    if (object.kind !== 'file' || !may('file-write-data', from, 'file')) return false;
    object.own = true;
    return true;
  }
  if (act === 1) {
    if (!isEmpty || !may('file-write-unlink', from, object.kind)) return false;
    return tree.delete(from);
  }
  if (tree.has(to)) return false;
  if (act === 2) {
    if (!may('file-write-create', to, kind)) return false;
    tree.set(to, { kind, own: true, kept: false, hidden: false });
    return true;
  }
  if (isWithin(to, from) || !may('file-write-unlink', from, object.kind)) return false;
  if (!may('file-write-create', to, object.kind)) return false;
  for (const [path, moved] of [...tree]) {
    if (!isWithin(path, from)) continue;
    tree.delete(path);
    tree.set(to + path.slice(from.length), moved);
  }
  return true;
}

/** What is wrong with the tree, or null. */
function judge(tree: Tree, keptAtFirst: number): string | null {
  let kept = 0;
  for (const [path, { kind, own, kept: wasKept, hidden }] of tree) {
    if (own && isKept(path, kind)) return `${path} is the command's own`;
    if (wasKept && !isKeptHere(path, kind)) return `${path} is not protected any more`;
    if (hidden && !isHidden(path) && !carriedTo(HERE, HIDING, path)) return `${path} can be read`;
    if (wasKept) kept++;
  }
  return kept === keptAtFirst ? null : 'something that is protected was removed';
}

function walkAbout(
  profile: Profile,
  seed: number,
): { done: number; moved: number; wrong: string | null } {
  const random = seeded(seed);
  const tree = randomTree(random);
  const first = [...tree.values()].filter(({ kept }) => kept).length;
  let done = 0;
  for (let count = 0; count < STEPS; count++) {
    if (!step(random, tree, profile)) continue;
    done++;
    const wrong = judge(tree, first);
    if (wrong) return { done, moved: first, wrong: `seed ${seed}, step ${count}: ${wrong}` };
  }
  return { done, moved: first, wrong: null };
}

const { text } = compileFor(
  ROOTS.slice(0, 2).map((path) => rule('allowWrite', path)),
  { temporary: TMP, patterns: PATTERNS, protectedNames: NAMES, homes: ['/Users/me'] },
);

test('nothing that is protected is changed or brought about by moving folders', () => {
  const profile = readProfile(text);
  let done = 0;
  let kept = 0;
  for (let seed = 0; seed < WALKS; seed++) {
    const walk = walkAbout(profile, seed);
    expect(walk.wrong).toBeNull();
    done += walk.done;
    kept += walk.moved;
  }
  expect(done).toBeGreaterThan(10 * WALKS);
  expect(kept).toBeGreaterThan(3 * WALKS);
}, 86_400_000);

test.each([
  ['folders that names lead through', /; Folders that names lead through[\s\S]*?(?=\n\n|$)/],
  [
    'patterns carried along',
    /\n {2}\(require-all\n {4}\(regex "\^\(\/\[\^\/\]\+\)\*\/\[\^\/\]\*\[\.\]\(\[kK\].*\n {4}\(require-not \(subpath "\/w"\)\)\)/,
  ],
])('without the rules about %s it would be', (_what, part) => {
  const profile = readProfile(text.replace(part, ''));
  expect(text).toMatch(part);
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);
  expect(seeds.some((seed) => walkAbout(profile, seed).wrong !== null)).toBe(true);
});
