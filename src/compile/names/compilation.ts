import type { ProtectedName } from '../../policy/protected-name.ts';
import type { ProtectedPattern } from '../../policy/protected-patterns.ts';
import type { Source } from '../../policy/source.ts';
import { type Branch, extend, Flag, nodeAt, type Tree } from './tree.ts';

export type Rule = Source | ProtectedName;

/** A tree, and the rules that its nodes name by their number. */
export interface Compilation {
  tree: Tree;
  rules: Rule[];
  numbers: Map<Rule, number>;
}

export function begin(tree: Tree, rules: readonly Rule[]): Compilation {
  return { tree, rules: [...rules], numbers: new Map(rules.map((rule, number) => [rule, number])) };
}

/** The first rule of a node is the one that reports name. */
export function mark(compiled: Compilation, node: number, flags: number, rule: Rule): void {
  const marked = nodeAt(compiled.tree, node);
  marked.flags |= flags;
  marked.rule ??= numberOf(compiled, rule);
}

const DENIAL = Flag.deny | Flag.own | Flag.file;
/* A node has one denial: of two, the one that holds in more cases. */
const STRENGTH = [Flag.deny | Flag.own | Flag.file, Flag.deny | Flag.own, Flag.deny];

export function deny(compiled: Compilation, node: number, flags: number, rule: Rule): void {
  const denied = nodeAt(compiled.tree, node);
  if (STRENGTH.indexOf(denied.flags & DENIAL) >= STRENGTH.indexOf(flags)) return;
  denied.flags = (denied.flags & ~DENIAL) | flags;
  denied.rule = numberOf(compiled, rule);
}

function numberOf({ rules, numbers }: Compilation, rule: Rule): number {
  const found = numbers.get(rule);
  if (found !== undefined) return found;
  numbers.set(rule, rules.length);
  return rules.push(rule) - 1;
}

/** Nothing that the pattern means, below what leads to `from`, may be changed. */
export function protect(
  compiled: Compilation,
  from: number,
  { kind, segments, name }: ProtectedPattern,
  branch: Branch,
): void {
  const end = extend(compiled.tree, from, segments, branch);
  if (kind === 'except') nodeAt(compiled.tree, end).flags |= Flag.own | Flag.except;
  else deny(compiled, end, Flag.deny | Flag.own | (kind === 'files' ? Flag.file : 0), name);
}
