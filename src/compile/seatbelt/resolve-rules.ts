import type { PathFact } from '../../host/paths.ts';
import {
  type Access,
  decideAccess,
  isWithin,
  type PathPattern,
  type PathRule,
} from '../../policy/path-rules.ts';
import { describeSource } from '../../policy/source.ts';
import { indexedAccess } from '../indexed-access.ts';
import {
  refuseReplaceableLinks,
  showWorkingDirectory,
  unenforceable,
  unreachable,
} from '../unenforceable.ts';
import type { SeatbeltFacts } from './facts.ts';
import type { PathKind } from './rule-text.ts';
import { canonicalPath, DATA_VOLUME } from './spellings.ts';
import { writableOnMac } from './writable.ts';

export interface ResolvedRules {
  /** By the one spelling that the kernel has for what they lead to; missing ones too. */
  rules: PathRule[];
  kinds: ReadonlyMap<string, PathKind>;
  notices: string[];
}

/* Opened by profiles/seatbelt/devices.sb: listing them grants nothing and takes nothing. */
const ALWAYS_WRITABLE = /^\/dev\/(null|zero|random|urandom|tty|ptmx|stdin|stdout|stderr|fd)(\/|$)/;

type Decide = (path: string) => Access;
type Found = Exclude<PathFact, { kind: 'unreachable' }>;

/** Replaces each rule's path by the object it leads to, and adds those that srt brings on macOS.
 * Throws SRT_COMPILE_UNENFORCEABLE for a rule that a profile cannot keep. */
export function resolveRules(
  paths: readonly PathRule[],
  facts: SeatbeltFacts,
  patterns: readonly PathPattern[] = [],
): ResolvedRules {
  const resolved: PathRule[] = [];
  const kinds = new Map<string, PathKind>([['/', 'directory']]);
  const links: { rule: PathRule; fact: Found }[] = [];
  const lost: { rule: PathRule; errno: string }[] = [];
  const missing: PathRule[] = [];
  for (const rule of paths) {
    if (rule.list === 'allowWrite' && ALWAYS_WRITABLE.test(rule.path)) continue;
    const fact = facts.paths.get(rule.path);
    if (!fact) throw new Error(`no fact about ${rule.path}`);
    const path = canonicalPath(fact.kind === 'unreachable' ? rule.path : fact.real);
    refuseSystemPath(rule, path);
    const placed = { ...rule, path };
    if (fact.kind === 'unreachable') {
      lost.push({ rule: placed, errno: fact.errno });
      continue;
    }
    links.push({ rule, fact });
    kinds.set(path, fact.kind);
    if (fact.kind === 'missing' && rule.list === 'allowWrite') missing.push(placed);
    else resolved.push(placed);
  }
  for (const rule of ownFolders(facts)) {
    resolved.push(rule);
    kinds.set(rule.path, 'directory');
  }
  for (const { rule, errno } of lost) placeUnreachable(rule, errno, resolved, kinds);
  const access = indexedAccess(resolved);
  const notices = missing.flatMap((rule) => judgeMissingRoot(rule, access));
  const isWritable = writableOnMac(resolved, patterns, facts);
  for (const { rule, fact } of links) refuseReplaceableLinks(rule, fact.links, isWritable);
  const cwd = canonicalPath(facts.cwd);
  resolved.push(...showWorkingDirectory(resolved, cwd));
  kinds.set(cwd, 'directory');
  return { rules: resolved, kinds, notices };
}

/** What is srt's on every Mac: no devices, no temporary files of others, a folder for its own. */
function ownFolders({ temporary, userTemporary }: SeatbeltFacts): PathRule[] {
  return [
    builtIn('denyRead', '/dev'),
    ...(userTemporary === null ? [] : [builtIn('private', canonicalPath(userTemporary))]),
    ...(temporary === null ? [] : [builtIn('allowWrite', canonicalPath(temporary))]),
  ];
}

function builtIn(list: PathRule['list'], path: string): PathRule {
  return { list, path, source: { setting: `filesystem.${list}`, typed: path, where: null } };
}

function refuseSystemPath(rule: PathRule, path: string): void {
  if (path === DATA_VOLUME)
    throw unenforceable(
      rule,
      'is the second name of everything that can be written',
      'name the folders by their usual paths, such as /Users',
    );
  if (rule.list === 'allowWrite' && isWithin(path, '/dev'))
    throw unenforceable(rule, 'would open the devices of this machine to the command', 'remove it');
}

/** A name holds for what is not there, too: so a denial is kept by the path as it was typed, if
 * nothing on the way to it can be replaced by a link. */
function placeUnreachable(
  rule: PathRule,
  errno: string,
  resolved: PathRule[],
  kinds: Map<string, PathKind>,
): void {
  if (rule.list !== 'denyRead' && rule.list !== 'denyWrite') return;
  if (decideAccess(resolved, rule.path) === 'read-write') throw unreachable(rule, errno);
  resolved.push(rule);
  kinds.set(rule.path, 'missing');
}

/** The command would be the one to make it, as a link to wherever the next run may then write. */
function judgeMissingRoot(rule: PathRule, access: Decide): string[] {
  if (access(rule.path) === 'read-write') return [];
  return [`${describeSource(rule.source)} does not exist, so it cannot be written`];
}
