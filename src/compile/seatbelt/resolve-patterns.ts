import type { PathFact } from '../../host/paths.ts';
import type { ChangePattern, ChangeRules } from '../../policy/change-rules.ts';
import { type DenyPattern, isDenyPattern, namesEverywhere } from '../../policy/judged-apart.ts';
import type { PathPattern, PathRule } from '../../policy/path-rules.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { nameRules } from '../names/change-rules.ts';
import { refuseReplaceableLinks, unreachable } from '../unenforceable.ts';
import type { SeatbeltFacts } from './facts.ts';
import { canonicalPath } from './spellings.ts';
import { writableOnMac } from './writable.ts';

/** Rules by name, of which the bases are spelled as the kernel spells them. */
export interface NamedRules {
  /** Of what may be changed, for decideChange. */
  changes: ChangeRules;
  /** All patterns that deny, and those of reading. */
  denying: readonly DenyPattern[];
  reading: readonly PathPattern[];
  /** Where patterns of allowWrite begin. */
  opened: readonly PathRule[];
  notices: readonly string[];
}

export interface NamedInput {
  /** By canonical path (resolve-rules). */
  rules: readonly PathRule[];
  patterns: readonly PathPattern[];
  protectedNames: readonly ProtectedName[];
  homes: readonly string[];
  facts: SeatbeltFacts;
}

/** Throws SRT_COMPILE_UNENFORCEABLE for what a profile cannot keep. */
export function resolvePatterns(input: NamedInput): NamedRules {
  const { rules, facts } = input;
  const isWritable = writableOnMac(rules, input.patterns, facts);
  const placed = input.patterns.flatMap((pattern): { pattern: PathPattern; fact: PathFact }[] => {
    const fact = factOf(facts, pattern.base);
    if (fact.kind === 'unreachable') {
      if (isDenyPattern(pattern) && isWritable(pattern.base))
        throw unreachable(pattern, fact.errno);
      return [{ pattern: { ...pattern, base: canonicalPath(pattern.base) }, fact }];
    }
    refuseReplaceableLinks(pattern, fact.links, isWritable);
    const real = canonicalPath(fact.real);
    return [{ pattern: { ...pattern, base: real }, fact: { ...fact, real, links: [] } }];
  });
  const patterns = placed.map(({ pattern }) => pattern);
  const named = nameRules({
    rules,
    nameless: [],
    patterns,
    ownFolder: null,
    protectedNames: namesEverywhere(input.protectedNames),
    homes: input.homes.map((home) => realHome(facts, home)),
    facts: new Map(placed.map(({ pattern, fact }) => [pattern.base, fact])),
    ignoredCase: new Set(),
  });
  /* Nothing is the sandbox's own here: what is in Linux is denied. */
  const points = named.changes.points.map((point) =>
    point.access === 'private' ? { ...point, access: 'masked' as const } : point,
  );
  return {
    changes: { ...named.changes, points, patterns: named.changes.patterns.map(inAnyCase) },
    denying: patterns.filter(isDenyPattern),
    reading: patterns.filter(({ list }) => list === 'denyRead' || list === 'allowRead'),
    opened: named.opened,
    notices: named.notices,
  };
}

function inAnyCase(pattern: ChangePattern): ChangePattern {
  return { ...pattern, folded: true };
}

function realHome(facts: SeatbeltFacts, home: string): string {
  const fact = facts.paths.get(home);
  return canonicalPath(fact && fact.kind !== 'unreachable' ? fact.real : home);
}

function factOf({ paths }: SeatbeltFacts, base: string): PathFact {
  const fact = paths.get(base);
  if (!fact) throw new Error(`no fact about ${base}`);
  return fact;
}
