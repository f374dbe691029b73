import type { Access, PathRule } from '../../policy/path-rules.ts';
import { foldersAbove, indexedAccess } from '../indexed-access.ts';

/** A path at which the policy's decision may change. */
export interface AccessPoint {
  path: string;
  /** How many names it has; 0 for `/`. */
  depth: number;
  access: Access;
  /** The access just outside of it; null for `/`. */
  around: Access | null;
  /** What is said of this very path. */
  rules: readonly PathRule[];
}

/** What a policy decides, by path. */
export interface AccessMap {
  /** Every path of a rule, and `/`, shallow first. Between two of them the decision is that of the
   * nearest one above, because it depends on nothing but the rules at and above a path. */
  points: readonly AccessPoint[];
  /** decideAccess for any path. */
  access(path: string): Access;
}

export function mapAccess(rules: readonly PathRule[]): AccessMap {
  const access = indexedAccess(rules);
  const byPath = new Map<string, PathRule[]>([['/', []]]);
  for (const rule of rules) byPath.set(rule.path, [...(byPath.get(rule.path) ?? []), rule]);
  const depth = (path: string) => (path === '/' ? 0 : path.split('/').length - 1);
  const points = [...byPath]
    .map(([path, here]) => {
      const above = foldersAbove(path).find((folder) => byPath.has(folder));
      return {
        rules: here,
        path,
        depth: depth(path),
        access: access(path),
        around: above === undefined ? null : access(above),
      };
    })
    .sort((a, b) => a.depth - b.depth || (a.path < b.path ? -1 : 1));
  return { points, access };
}
