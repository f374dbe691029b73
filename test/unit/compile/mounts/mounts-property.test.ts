import { type MountInput, planMounts } from '../../../../src/compile/mounts/plan-mounts.ts';
import { decideAccess, isWithin, type PathRule } from '../../../../src/policy/path-rules.ts';
import { FUZZ_FACTOR, pick, seeded } from '../../../support/seeded.ts';
import { builtIn, rule } from '../../rules.ts';
import { effectiveAccess, isMountPoint, tooLate, unsealed } from './simulate.ts';

/* A tree with siblings that share a prefix, folders in folders, and files at each depth. */
const FOLDERS = ['/', '/a', '/ab', '/a/b', '/a/bc', '/a/b/c', '/a/b/c/d', '/t', '/t/p', '/t/p/q'];
const FILES = ['/f', '/a/f', '/ab/f', '/a/b/f', '/a/b/c/f', '/a/b/c/d/f', '/t/f', '/t/p/f'];
const TREE = [...FOLDERS, ...FILES];
const LISTS = ['allowRead', 'denyRead', 'allowWrite', 'denyWrite'] as const;

interface Case {
  input: MountInput;
  rules: PathRule[];
}

function makeCase(seed: number): Case {
  const random = seeded(seed);
  const rules = Array.from({ length: random(8) }, () => {
    const make = random(4) === 0 ? builtIn : rule;
    return make(pick(random, LISTS), pick(random, TREE));
  });
  if (random(3) > 0) rules.push(builtIn('private', '/t'));
  const shown = FOLDERS.filter((path) => decideAccess(rules, path) !== 'masked');
  const input = {
    rules,
    /* srt refuses to start in a folder that is denied. */
    cwd: shown.length > 0 ? pick(random, shown) : '/',
    isDirectory: (path: string) => FOLDERS.includes(path),
    rootLinks: new Map<string, string>(),
    files: [],
    ownFolder: null,
  };
  return { input, rules };
}

const SEEDS = Array.from({ length: 3000 * FUZZ_FACTOR }, (_, seed) => seed);

/** Fails with the seed, the rules and the plan, so that one case can be looked at alone. */
function forEachCase(check: (given: Case, mounts: ReturnType<typeof planMounts>) => unknown): void {
  for (const seed of SEEDS) {
    const given = makeCase(seed);
    const mounts = planMounts(given.input);
    const wrong = check(given, mounts);
    if (wrong === null) continue;
    const rules = given.rules.map(({ list, path, source }) => {
      return `${source.where === null ? '+' : ''}${list} ${path}`;
    });
    throw new Error(JSON.stringify({ seed, wrong, rules, mounts }, null, 1));
  }
}

test('every path has the access that the policy decides, and no other', () => {
  let compared = 0;
  forEachCase(({ rules }, mounts) => {
    for (const path of TREE) {
      const decided = decideAccess(rules, path);
      const effective = effectiveAccess(mounts, path);
      compared++;
      /* In an empty folder of the sandbox's own there is nothing left to mask. */
      const covered = decided === 'masked' && effective === 'private';
      if (effective !== decided && !covered) return { path, decided, effective };
    }
    return null;
  });
  expect(compared).toBe(SEEDS.length * TREE.length);
});

test('no folder above a protected path can be renamed', () => {
  let renameable = 0;
  forEachCase(({ rules }, mounts) => {
    for (const folder of FOLDERS.slice(1)) {
      if (effectiveAccess(mounts, folder) !== 'read-write') continue;
      if (isMountPoint(mounts, folder)) continue;
      renameable++;
      const protectedPath = TREE.find(
        (path) => isWithin(path, folder) && decideAccess(rules, path) !== 'read-write',
      );
      if (protectedPath) return { folder, protectedPath };
    }
    return null;
  });
  expect(renameable).toBeGreaterThan(1000);
});

test('a file or a folder can only be replaced where it could be written', () => {
  forEachCase(({ rules }, mounts) => {
    for (const path of TREE.slice(1)) {
      const parent = path.slice(0, path.lastIndexOf('/')) || '/';
      const replaceable =
        effectiveAccess(mounts, parent) === 'read-write' && !isMountPoint(mounts, path);
      if (replaceable && decideAccess(rules, path) !== 'read-write') return { path };
    }
    return null;
  });
});

test('masked folders are sealed, after all that is mounted inside them', () => {
  forEachCase((_given, mounts) => {
    const wrong = [...unsealed(mounts), ...tooLate(mounts)];
    return wrong.length > 0 ? wrong : null;
  });
});

test('a masked folder can be searched exactly when something beneath it is shown', () => {
  forEachCase(({ rules }, mounts) => {
    for (const mount of mounts) {
      if (mount.op !== 'tmpfs' || mount.mode === 0o1777) continue;
      /* What lies in a root of the sandbox's own is no secret: /proc, /dev, links and what is opened. */
      if (mount.path === '/') continue;
      const shown = TREE.filter(
        (path) => isWithin(path, mount.path) && decideAccess(rules, path) !== 'masked',
      );
      if (mount.mode !== (shown.length > 0 ? 0o111 : 0)) return { mount, shown };
    }
    return null;
  });
});

test('a mount is of the kind of what it covers', () => {
  forEachCase((_given, mounts) => {
    const wrong = mounts.filter(({ op, path }) => {
      if (op === 'mask-file') return !FILES.includes(path);
      if (op === 'tmpfs') return path !== '/dev/shm' && !FOLDERS.includes(path);
      return false;
    });
    return wrong.length > 0 ? wrong : null;
  });
});

test('no path is mounted twice', () => {
  forEachCase((_given, mounts) => {
    const paths = mounts.filter(({ op }) => op !== 'remount-ro').map(({ path }) => path);
    return new Set(paths).size === paths.length ? null : paths;
  });
});

test('the order of the rules does not matter', () => {
  forEachCase(({ input, rules }, mounts) => {
    const reversed = planMounts({ ...input, rules: [...rules].reverse() });
    return JSON.stringify(reversed) === JSON.stringify(mounts) ? null : reversed;
  });
});
