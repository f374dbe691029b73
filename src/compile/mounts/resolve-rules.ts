import type { PathFact } from '../../host/paths.ts';
import { type Access, isWithin, type PathPattern, type PathRule } from '../../policy/path-rules.ts';
import { describeSource } from '../../policy/source.ts';
import { indexedAccess } from '../indexed-access.ts';
import { refuseReplaceableLinks, unenforceable, unreachable } from '../unenforceable.ts';
import { openingPatterns, writableBy } from '../writable-by.ts';

/* The sandbox has its own, or an untouchable one, whatever the rules say. */
const KERNEL_FOLDERS = ['/proc', '/sys', '/dev'];

export interface ResolvedRules {
  /** Rules whose path exists, by its real path. */
  rules: PathRule[];
  /** Rules of which there is nothing that a mount could cover, by the path that is denied: names
   * that do not exist, and links on the way to what does. */
  nameless: PathRule[];
  notices: string[];
}

/* Part of every private /dev: listing them grants nothing and takes nothing. */
const ALWAYS_WRITABLE =
  /^\/dev\/(null|zero|full|random|urandom|tty|ptmx|stdin|stdout|stderr|fd|pts|shm)(\/|$)/;

export interface Given {
  facts: ReadonlyMap<string, PathFact>;
  /** Those of allowWrite make links replaceable as write roots do. */
  patterns: readonly PathPattern[];
  /** Whether what is missing in a write root gets something that a mount covers. */
  standIns: boolean;
}

/** Replaces each rule's path by the object it leads to. Throws SRT_COMPILE_UNENFORCEABLE for a
 * rule that mounts cannot keep. */
export function resolveRules(
  rules: readonly PathRule[],
  { facts, patterns, standIns }: Given,
): ResolvedRules {
  const resolved: PathRule[] = [];
  const lost: { rule: PathRule; errno: string }[] = [];
  const found: { rule: PathRule; fact: Exclude<PathFact, { kind: 'unreachable' }> }[] = [];
  for (const rule of rules) {
    if (rule.list === 'allowWrite' && ALWAYS_WRITABLE.test(rule.path)) continue;
    const fact = facts.get(rule.path);
    if (!fact) throw new Error(`no fact about ${rule.path}`);
    if (fact.kind === 'unreachable') {
      lost.push({ rule, errno: fact.errno });
      continue;
    }
    found.push({ rule, fact });
    if (fact.kind === 'missing') continue;
    refuseSystemPath(rule, fact.real);
    resolved.push({ ...rule, path: fact.real });
  }
  const isWritable = writableBy(resolved, openingPatterns(patterns, facts));
  for (const { rule, errno } of lost) refuseUnreachable(rule, errno, isWritable);
  for (const { rule, fact } of found) {
    /* An earlier run may have made the link, to open what the user never named. */
    if (rule.list === 'allowRead' || rule.list === 'allowWrite')
      refuseReplaceableLinks(rule, fact.links, isWritable);
  }
  const nameless = found.flatMap(({ rule, fact }) => withoutMount(rule, fact));
  const access = indexedAccess(resolved);
  const notices = [
    ...lost.flatMap(({ rule, errno }) => judgeLost(rule, errno)),
    ...found.flatMap(({ rule, fact }) =>
      fact.kind === 'missing' ? judgeMissing(rule, access(fact.real), standIns) : [],
    ),
  ];
  return { rules: resolved, nameless, notices };
}

/** A deny is about what a link leads to, and about the link: could the command replace it, the rule
 * would mean something else from then on. */
function withoutMount(
  rule: PathRule,
  fact: Exclude<PathFact, { kind: 'unreachable' }>,
): PathRule[] {
  const links = fact.links.map((path): PathRule => ({ ...rule, list: 'denyWrite', path }));
  const denies = rule.list === 'denyWrite' || rule.list === 'denyRead';
  return fact.kind === 'missing' && denies ? [...links, { ...rule, path: fact.real }] : links;
}

function refuseSystemPath(rule: PathRule, real: string): void {
  const kernel = KERNEL_FOLDERS.find((folder) => isWithin(real, folder));
  if (kernel && rule.list === 'allowWrite')
    throw unenforceable(rule, `would open the kernel's own files to the command`, 'remove it');
  if (rule.list === 'denyRead' && (real === '/proc' || real === '/dev'))
    throw unenforceable(rule, 'would leave no program able to run', 'deny paths below it');
}

/** Outside the write roots nothing inside can change that a path cannot be reached. */
function refuseUnreachable(
  rule: PathRule,
  errno: string,
  isWritable: (path: string) => boolean,
): void {
  const denies = rule.list === 'denyRead' || rule.list === 'denyWrite';
  if (!denies || !isWritable(rule.path)) return;
  if (KERNEL_FOLDERS.some((folder) => isWithin(rule.path, folder))) return;
  throw unreachable(rule, errno);
}

function judgeLost({ list, source }: PathRule, errno: string): string[] {
  if (list !== 'allowWrite' || source.where === null) return [];
  return [`${describeSource(source)} cannot be reached (${errno}), so it cannot be written`];
}

/** What cannot be shown or covered, because it is not there. */
function judgeMissing({ list, source }: PathRule, access: Access, standIns: boolean): string[] {
  if (source.where === null) return [];
  const name = describeSource(source);
  if (list === 'allowWrite' && access !== 'read-write')
    return [`${name} does not exist, so it cannot be written`];
  const isCovered = access === 'private' || (access === 'read-write' && standIns);
  if (list === 'denyRead' && !isCovered)
    return [`${name} does not exist; should it appear while the command runs, it is readable`];
  return [];
}
