import { dirname } from 'node:path';
import type { PathFact } from '../../host/paths.ts';
import { namesOf } from '../../policy/change-place.ts';
import type { ChangePattern, ChangePoint, ChangeRules } from '../../policy/change-rules.ts';
import { handedOverNames } from '../../policy/handed-over-names.ts';
import {
  type Access,
  decideAccess,
  type PathList,
  type PathPattern,
  type PathRule,
} from '../../policy/path-rules.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { describeSource } from '../../policy/source.ts';
import { foldersAbove, indexedAccess } from '../indexed-access.ts';
import {
  refuseReplaceableLinks,
  refuseUnfoldedLetters,
  unenforceable,
  unreachable,
} from '../unenforceable.ts';
import { openingPatterns, writableBy } from '../writable-by.ts';

export interface NamedInput {
  /** By real path: what mounts keep, and what there is nothing to be mounted on for. */
  rules: readonly PathRule[];
  nameless: readonly PathRule[];
  patterns: readonly PathPattern[];
  /** A writable folder of the sandbox's own, whose names mean nothing to anybody else; or null. */
  ownFolder: string | null;
  protectedNames: readonly ProtectedName[];
  homes: readonly string[];
  facts: ReadonlyMap<string, PathFact>;
  /** Folders by real path (HostFacts). */
  ignoredCase: ReadonlySet<string>;
}

export interface NamedRules {
  changes: ChangeRules;
  /** Folders that mounts have to leave writable for patterns of allowWrite. */
  opened: PathRule[];
  notices: string[];
}

/** What srt-init has to decide by name. Throws SRT_COMPILE_UNENFORCEABLE. */
export function nameRules(input: NamedInput): NamedRules {
  const known = [...input.rules, ...input.nameless];
  const isWritable = writableBy(known, openingPatterns(input.patterns, input.facts));
  const patterns: ChangePattern[] = [];
  const opened: PathRule[] = [];
  const links: PathRule[] = [];
  const notices: string[] = [];
  for (const pattern of input.patterns) {
    const { list } = pattern;
    /* Those of reading are paths by now, of what a walk has found. */
    if (list !== 'allowWrite' && list !== 'denyWrite') continue;
    const fact = input.facts.get(pattern.base);
    if (!fact) throw new Error(`no fact about ${pattern.base}`);
    if (fact.kind === 'unreachable') {
      if (list === 'denyWrite' && decideAccess(known, pattern.base) === 'read-write')
        throw unreachable(ruleOf(pattern, pattern.base), fact.errno);
      continue;
    }
    links.push(
      ...fact.links.map((path) => ({ ...ruleOf(pattern, path), list: 'denyWrite' as const })),
    );
    if (list === 'allowWrite')
      /* An earlier run may have made the link, to open what the user never named. */
      refuseReplaceableLinks(ruleOf(pattern, fact.real), fact.links, isWritable);
    const folded = input.ignoredCase.has(fact.real);
    if (list === 'denyWrite' && folded) refuseUnfoldedLetters(pattern, pattern.rest);
    if (list === 'denyWrite') patterns.push({ ...pattern, list, base: fact.real, folded });
    else if (fact.kind !== 'directory')
      notices.push(
        `${describeSource(pattern.source)} begins in no folder, so it cannot be written`,
      );
    else if (opens(pattern, fact.real, known)) {
      patterns.push({ ...pattern, list, base: fact.real, folded });
      opened.push(ruleOf(pattern, fact.real));
    }
  }
  const { ownFolder, protectedNames, homes } = input;
  const handedOver = handedOverNames(protectedNames);
  const own = ownFolder === null ? KERNEL_PLACES : [...KERNEL_PLACES, ownFolder];
  const points = changePoints([...known, ...links], opened, own);
  const spelled = otherSpellings(known, opened, input.ignoredCase);
  const changes = {
    ...{ points, protectedNames, handedOver, homes },
    patterns: [...patterns, ...spelled],
  };
  return { changes, opened, notices };
}

/** Mounts and points are about a name as it is spelled: where case is ignored, what is denied could be
 * written by another spelling, or be made by one while it is missing. What has something writable in
 * it again is left to them. */
function otherSpellings(
  rules: readonly PathRule[],
  opened: readonly PathRule[],
  ignoredCase: ReadonlySet<string>,
): ChangePattern[] {
  if (ignoredCase.size === 0) return [];
  const pathsOf = (list: PathList) =>
    [...rules, ...opened].flatMap((rule) => (rule.list === list ? [rule.path] : []));
  const writable = new Set(pathsOf('allowWrite'));
  const shown = [...writable, ...pathsOf('allowRead')];
  const around = new Set(shown.flatMap((path) => [path, ...foldersAbove(path)]));
  return rules.flatMap(({ list, path, source }) => {
    if ((list !== 'denyWrite' && list !== 'denyRead') || !ignoredCase.has(dirname(path))) return [];
    const base = foldersAbove(path).findLast((folder) => writable.has(folder));
    if (around.has(path) || base === undefined) return [];
    const rest = namesOf(path).slice(namesOf(base).length);
    const segments = rest.map((name) => ({ type: 'name', name }) as const);
    refuseUnfoldedLetters({ source }, segments);
    return [{ list: 'denyWrite' as const, base, rest: segments, source, folded: true }];
  });
}

function ruleOf({ list, source }: PathPattern, path: string): PathRule {
  return { list, path, source };
}

/** Whether the folder is not writable as it is. */
function opens(pattern: PathPattern, base: string, rules: readonly PathRule[]): boolean {
  const access = decideAccess(rules, base);
  if (access === 'masked')
    throw unenforceable(
      ruleOf(pattern, base),
      'begins in a folder that denyRead covers, which it would open',
      'name the files one by one, or name the folder in filesystem.allowRead',
    );
  return access === 'read-only';
}

/* The sandbox's own, whatever is around them. */
const KERNEL_PLACES = ['/dev', '/proc'];

/** Of the rules at a path, those that make it what it is. */
const NAMED_BY: Readonly<Record<Access, readonly PathList[]>> = {
  masked: ['denyRead'],
  'read-only': ['denyWrite'],
  'read-write': ['allowWrite'],
  private: ['private'],
};

/** Where what may be done changes, inside of what mounts leave writable. */
function changePoints(
  rules: readonly PathRule[],
  opened: readonly PathRule[],
  own: readonly string[],
): ChangePoint[] {
  const all = [...rules, ...opened];
  const accessOf = indexedAccess(all);
  const writable = new Set(all.filter(({ list }) => list === 'allowWrite').map(({ path }) => path));
  const isInside = (path: string) => [path, ...foldersAbove(path)].some((at) => writable.has(at));
  const byPath = new Map<string, PathRule[]>();
  for (const rule of rules) byPath.set(rule.path, [...(byPath.get(rule.path) ?? []), rule]);
  const points = new Map<string, ChangePoint>();
  for (const [path, here] of byPath) {
    const access = accessOf(path);
    const around = path === '/' ? 'read-only' : accessOf(dirname(path));
    const isDenied = access === 'masked' || access === 'read-only';
    if (isDenied && !isInside(path)) continue;
    const rule = here.find(({ list }) => NAMED_BY[access].includes(list));
    /* A root inside a root is one that the user names, and nothing else changes nothing. */
    const isRoot = access === 'read-write' && rule !== undefined;
    if (access === around && !isRoot) continue;
    const source = (rule ?? here[0])?.source ?? OWN;
    points.set(path, {
      path,
      access: isRoot || access !== 'read-write' ? access : 'as-around',
      source,
    });
  }
  for (const path of own) points.set(path, { path, access: 'private', source: OWN });
  return [...points.values()];
}

const OWN = { setting: 'filesystem', typed: "the sandbox's own", where: null };
