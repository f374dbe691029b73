import { decideChange } from '../../policy/change-decision.ts';
import { type DescribedRule, describeRule } from '../../policy/describe-rule.ts';
import { carriedTo, passageTo } from '../../policy/judged-apart.ts';
import { isWithin, type PathRule } from '../../policy/path-rules.ts';
import { hiddenBy } from '../../policy/reading-decision.ts';
import type { SeatbeltPlan } from './plan.ts';
import type { NamedRules } from './resolve-patterns.ts';
import { canonicalPath } from './spellings.ts';

const CARRIED = 'it counts wherever what it is about can be moved to';
const PASSAGE = 'it leads through this folder, which can be neither made nor moved nor removed';

/** What the rules of a profile say of an operation that was denied. The system's log names none. */
export function denialRules(rules: readonly PathRule[], named: NamedRules): SeatbeltPlan['ruleOf'] {
  const { changes, denying, reading } = named;
  const hiding = denying.filter(({ list }) => list === 'denyRead');
  const hidden = (path: string): DescribedRule | null => {
    const rule = hiddenBy({ paths: rules, patterns: reading }, path);
    if (rule) return describeRule(rule.source);
    return because(carriedTo(changes, hiding, path), CARRIED);
  };
  const kept = (path: string, isReplaced: boolean): DescribedRule | null => {
    const listed = rules.find(({ list, path: at }) => list === 'denyWrite' && isWithin(path, at));
    if (listed) return describeRule(listed.source);
    const decisions = (['folder', 'file'] as const).map((kind) =>
      decideChange(changes, path, kind),
    );
    const [folder, file] = decisions.map((decision) => (decision.allowed ? null : decision.rule));
    if (folder) return describeRule(folder);
    const carried = because(carriedTo(changes, denying, path), CARRIED);
    if (carried) return carried;
    const passage = isReplaced ? because(passageTo(changes, denying, path), PASSAGE) : null;
    return passage ?? (file ? describeRule(file) : null);
  };
  return (operation, target) => {
    if (!target.startsWith('/')) return null;
    const path = canonicalPath(target);
    if (/^(file-read|file-map-executable|process-exec)/.test(operation)) return hidden(path);
    if (!operation.startsWith('file-write')) return null;
    return hidden(path) ?? kept(path, /-(create|unlink)$/.test(operation));
  };
}

function because(
  rule: NamedRules['denying'][number] | NamedRules['changes']['protectedNames'][number] | null,
  how: string,
): DescribedRule | null {
  if (!rule) return null;
  return { ...describeRule('source' in rule ? rule.source : rule), because: how };
}
