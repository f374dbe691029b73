import { basename, dirname, join } from 'node:path';
import type { HostFacts } from '../host/facts.ts';
import { decideAccess, isWithin, type PathRule } from '../policy/path-rules.ts';
import { CACHE_VARIABLES, type CachePolicy, type OwnFolder } from '../policy/private-caches.ts';
import { unenforceable } from './unenforceable.ts';

/** In what is the sandbox's own whatever the rules say, which /tmp need not be. */
const IN_MEMORY = '/dev/shm/srt-caches';

export interface PlannedCaches {
  /** By real path, to go with the rules of the policy. */
  rules: readonly PathRule[];
  folders: readonly OwnFolder[];
  /** Where the caches are inside; null where tools use their own. */
  inside: string | null;
  /** A folder to make in the sandbox's memory. */
  ownFolder: string | null;
}

/** The folders of one that is made or looked at right before the start, shallow first. */
export function pathsOf({ base, below }: OwnFolder): string[] {
  return below.map((_, at) => join(base, ...below.slice(0, at + 1)));
}

/** Rules are resolved: of what is there, and of what there is nothing to be mounted on for. Throws
 * SRT_COMPILE_UNENFORCEABLE where they leave no place for caches. */
export function planCaches(
  caches: CachePolicy | undefined,
  { listed, nameless }: { listed: readonly PathRule[]; nameless: readonly PathRule[] },
  { paths, canMakeStore }: Pick<HostFacts, 'paths' | 'canMakeStore'>,
): PlannedCaches {
  if (!caches) return { rules: [], folders: [], inside: null, ownFolder: null };
  const { store, own } = caches;
  const folder = join(store.base, ...store.below);
  if (typeof own === 'object') {
    const base = paths.get(store.base);
    if (base?.kind === 'directory') {
      const users = nameless.filter(({ source }) => source.where !== null);
      return keep(base.real, [...store.below, own.name], [...listed, ...users]);
    }
    const rule = ruleFor('allowWrite', join(folder, own.name));
    throw unenforceable(rule, `needs the folder ${store.base}, which is not there`, 'create it');
  }
  const fact = paths.get(folder);
  const exposed =
    fact?.kind === 'missing' && canMakeStore && decideAccess(listed, fact.real) === 'read-write';
  const covered = exposed ? coverStore(fact.real) : { rules: [], folders: [] };
  if (own === 'none') return { ...covered, inside: null, ownFolder: null };
  const denied = [...listed, ...nameless].find(
    ({ list, path }) => list === 'denyRead' && isWithin(path, '/dev') && isWithin(IN_MEMORY, path),
  );
  if (denied) throw noPlace(denied, IN_MEMORY);
  return { ...covered, inside: IN_MEMORY, ownFolder: IN_MEMORY };
}

/** The caches of one name. No fact about its folder counts: it may be missing, or a link that the
 * last run has put there, for which the start looks. */
function keep(base: string, below: readonly string[], rules: readonly PathRule[]): PlannedCaches {
  const inside = join(base, ...below);
  const added = [ruleFor('denyRead', dirname(inside)), ruleFor('allowWrite', inside)];
  const all = [...rules, ...added];
  const culprit = rules.find(
    ({ list, path }) =>
      (list === 'denyWrite' && isWithin(inside, path)) || (list === 'denyRead' && path === inside),
  );
  if (culprit && decideAccess(all, inside) !== 'read-write') throw noPlace(culprit, inside);
  return { rules: added, folders: [{ base, below }], inside, ownFolder: null };
}

/** A store that is missing, where the command could make it and fill the caches of any name, or
 * put a link in its place: made first, so that it can be denied like one that is there. */
function coverStore(store: string): Pick<PlannedCaches, 'rules' | 'folders'> {
  const above = dirname(store);
  const below = [basename(above), basename(store)].filter((name) => name !== '');
  return { rules: [ruleFor('denyRead', store)], folders: [{ base: dirname(above), below }] };
}

function ruleFor(list: 'denyRead' | 'allowWrite', path: string): PathRule {
  return { list, path, source: { setting: 'filesystem.privateCaches', typed: path, where: null } };
}

function noPlace(rule: PathRule, folder: string) {
  return unenforceable(
    rule,
    `leaves no place for filesystem.privateCaches, which are in ${folder}`,
    'take one of the two out of the settings',
  );
}

/** The variables that lead tools to caches below `folder`. */
export function cacheVariables(folder: string): (readonly [name: string, value: string])[] {
  return CACHE_VARIABLES.map(([name, below]) => [name, join(folder, below)]);
}
