import { dirname, join } from 'node:path';
import type { PathRule } from '../../policy/path-rules.ts';
import type { CachePolicy, OwnFolder } from '../../policy/private-caches.ts';
import { cacheRule, planCaches } from '../private-caches.ts';
import type { SeatbeltFacts } from './facts.ts';
import type { SeatbeltRun } from './plan.ts';
import { resolveRules } from './resolve-rules.ts';
import { canonicalPath } from './spellings.ts';

export interface MacCaches {
  /** To go with the rules of the policy, of folders in their own place. */
  rules: readonly PathRule[];
  /** What srt makes or checks before the start. */
  folders: readonly OwnFolder[];
  /** Where the caches are; null where tools use their own. */
  inside: string | null;
}

/** Of one run they are beside its temporary files, and end with it: there is no folder in memory
 * here. Throws SRT_COMPILE_UNENFORCEABLE where the rules leave no place for those of a name. */
export function planMacCaches(
  caches: CachePolicy | undefined,
  paths: readonly PathRule[],
  facts: SeatbeltFacts,
  run: SeatbeltRun,
): MacCaches {
  if (caches?.own !== 'run') {
    const listed = caches?.own === undefined || caches.own === 'none' ? [] : resolve(paths, facts);
    return planCaches(caches, { listed, nameless: [] }, facts);
  }
  const inside = join(dirname(run.temporary), 'caches');
  return { rules: [cacheRule('allowWrite', inside)], folders: [], inside };
}

function resolve(paths: readonly PathRule[], facts: SeatbeltFacts): PathRule[] {
  return resolveRules(paths, facts).rules;
}

/** The facts with what is made before the start. */
export function withCaches(facts: SeatbeltFacts, { rules }: MacCaches): SeatbeltFacts {
  const made = rules.map(({ path }) => {
    const fact = { kind: 'directory', real: canonicalPath(path), links: [] } as const;
    return [path, fact] as const;
  });
  return { ...facts, paths: new Map([...facts.paths, ...made]) };
}
