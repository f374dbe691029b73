import { resolveRules } from '../../../../src/compile/seatbelt/resolve-rules.ts';
import { decideAccess, isWithin, type PathRule } from '../../../../src/policy/path-rules.ts';
import { allows, type Profile, READINGS, readProfile } from '../../../support/seatbelt/evaluate.ts';
import { builtIn, rule } from '../../rules.ts';
import { compileFor, file, folder, type Given, missing } from './mac.ts';
import { pick, seeded } from './seeded.ts';

/* Siblings that share a prefix, folders in folders, files at each depth, and what is not there. */
const FOLDERS = ['/', '/a', '/ab', '/a/b', '/a/bc', '/a/b/c', '/a/b/c/d', '/private/tmp'];
const MORE_FOLDERS = ['/private', '/private/tmp/p', '/private/tmp/p/q', '/private/var'];
const FILES = ['/f', '/a/f', '/ab/f', '/a/b/f', '/a/b/c/f', '/a/b/c/d/f', '/private/tmp/p/f'];
const MISSING = ['/m', '/a/m', '/a/m/n', '/a/b/m', '/private/tmp/p/m', '/private/var/m/n'];
const EXISTING = [...FOLDERS, ...MORE_FOLDERS, ...FILES];
const TREE = [...EXISTING, ...MISSING];
const LISTS = ['allowRead', 'denyRead', 'allowWrite', 'denyWrite'] as const;

function factAbout(path: string) {
  if (MISSING.includes(path)) return missing(path);
  return FILES.includes(path) ? file(path) : folder(path);
}

interface Case {
  seed: number;
  /** What decides: the policy's rules and those that srt brings, as the compiler resolved them. */
  rules: PathRule[];
  text: string;
  profile: Profile;
}

function makeCase(seed: number): Case | null {
  const random = seeded(seed);
  const given = Array.from({ length: random(9) }, () => {
    const make = random(4) === 0 ? builtIn : rule;
    return make(pick(LISTS, random), pick(TREE, random));
  });
  if (random(3) > 0) given.push(builtIn('private', '/private/tmp'));
  const facts = {
    temporary: random(2) === 0 ? '/private/tmp/own' : null,
    userTemporary: null,
    caseInsensitive: random(2) === 0,
    cwd: '/',
    paths: new Map(given.map(({ path }) => [path, factAbout(path)])),
  };
  const shown = FOLDERS.filter((path) => {
    const access = decideAccess(given, path);
    return access === 'read-only' || access === 'read-write';
  });
  /* srt refuses to start in a folder that is denied. */
  if (shown.length === 0) return null;
  facts.cwd = pick(shown, random);
  const mac: Given = { ...facts, paths: Object.fromEntries(facts.paths) };
  const { text } = compileFor(given, mac);
  return { seed, rules: resolveRules(given, facts).rules, text, profile: readProfile(text) };
}

const CASES = Array.from({ length: 1500 }, (_, seed) => makeCase(seed)).filter((c) => c !== null);

/** Fails with the seed, the rules and the profile, so that one case can be looked at alone. */
function forEachCase(check: (given: Case) => unknown): void {
  for (const given of CASES) {
    const wrong = check(given) ?? null;
    if (wrong === null) continue;
    const rules = given.rules.map(({ list, path }) => `${list} ${path}`);
    throw new Error(
      `${JSON.stringify({ seed: given.seed, wrong, rules }, null, 1)}\n${given.text}`,
    );
  }
}

/** Each path by every name that it may be asked for. */
function names(path: string): string[] {
  return isWithin(path, '/private/tmp') || isWithin(path, '/private/var')
    ? [path, path.slice('/private'.length)]
    : [path];
}

const isShown = (rules: readonly PathRule[], path: string) =>
  ['read-write', 'read-only'].includes(decideAccess(rules, path));
const isWritable = (rules: readonly PathRule[], path: string) =>
  decideAccess(rules, path) === 'read-write';
const beneath = (path: string) => (path === '/' ? '/x' : `${path}/x`);

/** Asks about every path of the tree and one below it, by every name, in both readings. */
function ask(
  given: Case,
  operations: readonly string[],
  expected: (path: string, operation: string) => boolean | null,
): unknown {
  for (const path of [...TREE, ...TREE.filter((p) => !FILES.includes(p)).map(beneath)]) {
    for (const operation of operations) {
      const wanted = expected(path, operation);
      if (wanted === null) continue;
      for (const name of names(path)) {
        for (const reading of READINGS) {
          if (allows(given.profile, { operation, path: name }, reading) !== wanted)
            return { operation, name, reading, wanted };
        }
      }
    }
  }
  return null;
}

test('there are more than a thousand cases', () => {
  expect(CASES.length).toBeGreaterThan(1000);
});

test('what is shown can be read, run and mapped, and nothing else', () => {
  const operations = ['file-read-data', 'file-read-xattr', 'process-exec', 'file-map-executable'];
  forEachCase((given) =>
    ask(given, operations, (path, operation) => {
      /* The root folder's own names, which the loader reads. */
      if (path === '/' && operation === 'file-read-data') return true;
      return isShown(given.rules, path);
    }),
  );
});

test('what is writable can be written, and nothing else', () => {
  const operations = ['file-write-data', 'file-write-mode', 'file-write-xattr', 'file-write-flags'];
  forEachCase((given) => ask(given, operations, (path) => isWritable(given.rules, path)));
});

test('folders on the way to what is shown can be looked up, and nothing else that is hidden', () => {
  forEachCase((given) => {
    const shown = given.rules.map(({ path }) => path).filter((path) => isShown(given.rules, path));
    return ask(given, ['file-read-metadata'], (path) => {
      return isShown(given.rules, path) || shown.some((below) => isWithin(below, path));
    });
  });
});

test('nothing is made or removed but where it could be written', () => {
  forEachCase((given) =>
    ask(given, ['file-write-create', 'file-write-unlink'], (path) =>
      isWritable(given.rules, path) ? null : false,
    ),
  );
});

/** A folder that must stay where it is: it is a write root, or leads to one or to something denied. */
function isPinned(rules: readonly PathRule[], path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  if (path !== '/' && !isWritable(rules, parent)) return true;
  return rules.some(
    (r) => isWithin(r.path, path) && (r.list === 'allowWrite' || !isWritable(rules, r.path)),
  );
}

test('a writable path can be moved and replaced unless it protects another', () => {
  let free = 0;
  let pinned = 0;
  forEachCase((given) =>
    ask(given, ['file-write-unlink', 'file-write-create'], (path) => {
      if (!isWritable(given.rules, path) || path === '/') return null;
      const wanted = !isPinned(given.rules, path);
      if (wanted) free++;
      else pinned++;
      return wanted;
    }),
  );
  expect(free).toBeGreaterThan(5_000);
  expect(pinned).toBeGreaterThan(1_000);
});

/** What rename(2) is asked about. */
function canRename(profile: Profile, from: string, to: string): boolean {
  return (
    allows(profile, { operation: 'file-write-unlink', path: from }) &&
    allows(profile, { operation: 'file-write-create', path: to })
  );
}

test('no rename takes what is denied to another place, or puts another in its place', () => {
  let done = 0;
  forEachCase(({ profile, rules }) => {
    for (const from of EXISTING.slice(1)) {
      for (const to of ['/a/moved', '/a/b/moved', '/private/tmp/p/moved', ...TREE.slice(1)]) {
        if (from === to || !canRename(profile, from, to)) continue;
        done++;
        for (const path of TREE) {
          if (isWritable(rules, path)) continue;
          if (isWithin(path, from) || isWithin(path, to)) return { from, to, path };
        }
      }
    }
    return null;
  });
  expect(done).toBeGreaterThan(1000);
});

test('hard links and clones are for nobody: they would be second names of what is denied', () => {
  forEachCase((given) => ask(given, ['file-link', 'file-clone'], () => false));
});

test('the second name of the writable volume opens nothing', () => {
  forEachCase(({ profile }) => {
    for (const path of TREE) {
      const name = `/System/Volumes/Data${path === '/' ? '' : path}`;
      for (const operation of ['file-read-data', 'file-write-data', 'file-write-create']) {
        for (const reading of READINGS)
          if (allows(profile, { operation, path: name }, reading)) return { operation, name };
      }
    }
    return null;
  });
});

test('the order of the rules does not matter', () => {
  const rules = [
    rule('denyRead', '/a'),
    rule('allowRead', '/a/b'),
    rule('allowWrite', '/a/b/c'),
    rule('denyWrite', '/a/b/c/d'),
    builtIn('private', '/private/tmp'),
  ];
  expect(compileFor([...rules].reverse()).text).toBe(compileFor(rules).text);
});
