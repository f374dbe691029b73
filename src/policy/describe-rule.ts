import type { ProtectedName } from './protected-name.ts';
import { describeSource, type Source } from './source.ts';

/** A rule as it is told to who met with it. */
export interface DescribedRule {
  /** The entry of the settings, or the protected name. */
  rule: string;
  /** Why the name is protected. */
  because?: string;
}

export function describeRule(rule: Source | ProtectedName): DescribedRule {
  if ('setting' in rule) return { rule: describeSource(rule) };
  return { rule: rule.name, because: rule.reason };
}
