import type { DomainRule } from './domain-rule.ts';
import type { PathRule } from './path-rules.ts';

/** Everything that was decided before the machine is looked at. */
export interface Policy {
  paths: readonly PathRule[];
  domains: readonly DomainRule[];
  /** The file that a person edits to change this policy. */
  settingsFile: string;
}
