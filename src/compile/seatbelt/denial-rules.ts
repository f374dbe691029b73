import { type Changed, decideChange } from '../../policy/change-decision.ts';
import { type DescribedRule, describeRule } from '../../policy/describe-rule.ts';
import { carriedTo, deniedBy, passageTo } from '../../policy/judged-apart.ts';
import { EXPRESSIONS, FOLDED, type NameComparison } from '../../policy/name-comparison.ts';
import { isWithin, type PathRule } from '../../policy/path-rules.ts';
import { protectedApart } from '../../policy/protected-apart.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { hiddenBy } from '../../policy/reading-decision.ts';
import type { Source } from '../../policy/source.ts';
import type { SeatbeltPlan } from './plan.ts';
import type { NamedRules } from './resolve-patterns.ts';
import { canonicalPath } from './spellings.ts';

const CARRIED = 'it counts wherever what it is about can be moved to';
const PASSAGE = 'it leads through this folder, which can be neither made nor moved nor removed';
const WIDELY =
  'on macOS it means more of names beyond ASCII, and of those with an exception in them';

type Found = DescribedRule | null;

/** What the rules of a profile say of an operation that was denied. The system's log names none. What
 * the policy says goes first, and then what expressions may say beyond it. */
export function denialRules(rules: readonly PathRule[], named: NamedRules): SeatbeltPlan['ruleOf'] {
  const { changes, denying, reading } = named;
  const hiding = denying.filter(({ list }) => list === 'denyRead');
  const keeping = denying.filter(({ list }) => list === 'denyWrite');
  const hidden = (path: string, by: NameComparison): Found => {
    const rule = hiddenBy({ paths: rules, patterns: reading }, path, by);
    return rule ? described(rule) : described(carriedTo(changes, hiding, path, by), CARRIED);
  };
  const decided = (path: string, changed: Changed): Found => {
    const decision = decideChange(changes, path, changed);
    return decision.allowed || !decision.rule ? null : describeRule(decision.rule);
  };
  const moved = (path: string, isReplaced: boolean, by: NameComparison): Found =>
    described(carriedTo(changes, denying, path, by), CARRIED) ??
    (isReplaced ? described(passageTo(changes, denying, path, by), PASSAGE) : null);
  const kept = (path: string, isReplaced: boolean): Found => {
    const listed = rules.find(({ list, path: at }) => list === 'denyWrite' && isWithin(path, at));
    return (
      described(listed) ??
      decided(path, 'folder') ??
      moved(path, isReplaced, FOLDED) ??
      decided(path, 'file')
    );
  };
  const keptWidely = (path: string, isReplaced: boolean, by: NameComparison): Found =>
    described(deniedBy(keeping, path, by)) ??
    described(protectedApart(changes, path, 'file', by)) ??
    moved(path, isReplaced, by);
  return (operation, target) => {
    if (!target.startsWith('/')) return null;
    const path = canonicalPath(target);
    const isReading = /^(file-read|file-map-executable|process-exec)/.test(operation);
    if (!isReading && !operation.startsWith('file-write')) return null;
    const isReplaced = /-(create|unlink)$/.test(operation);
    const found = hidden(path, FOLDED) ?? (isReading ? null : kept(path, isReplaced));
    if (found) return found;
    for (const by of [FOLDED, ...Object.values(EXPRESSIONS)]) {
      const more = hidden(path, by) ?? (isReading ? null : keptWidely(path, isReplaced, by));
      if (more) return { ...more, because: [more.because, WIDELY].filter(Boolean).join('; ') };
    }
    return null;
  };
}

function described(
  rule: { source: Source } | ProtectedName | null | undefined,
  how?: string,
): Found {
  if (!rule) return null;
  const found = describeRule('source' in rule ? rule.source : rule);
  return how === undefined ? found : { ...found, because: how };
}
