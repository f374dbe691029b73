import { dirname, join } from 'node:path';
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
  { paths }: Pick<HostFacts, 'paths'>,
): PlannedCaches {
  const nothing = { rules: [], folders: [], inside: null, ownFolder: null };
  if (!caches || caches.own === 'none') return nothing;
  if (caches.own === 'run') {
    const denied = [...listed, ...nameless].find(
      ({ list, path }) =>
        list === 'denyRead' && isWithin(path, '/dev') && isWithin(IN_MEMORY, path),
    );
    if (denied) throw noPlace(denied, IN_MEMORY);
    return { ...nothing, inside: IN_MEMORY, ownFolder: IN_MEMORY };
  }
  const { base, below } = caches.store;
  const names = [...below, caches.own.name];
  const fact = paths.get(base);
  if (fact?.kind !== 'directory')
    throw unenforceable(
      cacheRule('allowWrite', join(base, ...names)),
      `needs the folder ${base}, which is not there`,
      'create it',
    );
  const users = nameless.filter(({ source }) => source.where !== null);
  return keep(fact.real, names, [...listed, ...users]);
}

/** The caches of one name. No fact about its folder counts: it may be missing, or a link that the
 * last run has put there, for which the start looks. */
function keep(base: string, below: readonly string[], rules: readonly PathRule[]): PlannedCaches {
  const inside = join(base, ...below);
  const added = [cacheRule('denyRead', dirname(inside)), cacheRule('allowWrite', inside)];
  const all = [...rules, ...added];
  const culprit = rules.find(
    ({ list, path }) =>
      (list === 'denyWrite' && isWithin(inside, path)) || (list === 'denyRead' && path === inside),
  );
  if (culprit && decideAccess(all, inside) !== 'read-write') throw noPlace(culprit, inside);
  return { rules: added, folders: [{ base, below }], inside, ownFolder: null };
}

export function cacheRule(list: 'denyRead' | 'allowWrite', path: string): PathRule {
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
