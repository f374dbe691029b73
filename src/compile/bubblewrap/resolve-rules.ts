import { SrtError } from '../../errors.ts';
import type { PathFact } from '../../host/paths.ts';
import { decideAccess, isWithin, type PathRule } from '../../policy/path-rules.ts';
import { describeSource } from '../../policy/source.ts';

export interface ResolvedRules {
  /** Rules whose path exists, by its real path. */
  rules: PathRule[];
  notices: string[];
}

/* Part of every private /dev: listing them grants nothing and takes nothing. */
const ALWAYS_WRITABLE =
  /^\/dev\/(null|zero|full|random|urandom|tty|ptmx|stdin|stdout|stderr|fd|pts|shm)(\/|$)/;

/** Replaces each rule's path by the object it leads to. Throws SRT_COMPILE_UNENFORCEABLE for a
 * rule that mounts cannot keep. */
export function resolveRules(
  rules: readonly PathRule[],
  facts: ReadonlyMap<string, PathFact>,
): ResolvedRules {
  const resolved: PathRule[] = [];
  const missing: { rule: PathRule; real: string }[] = [];
  for (const rule of rules) {
    if (rule.list === 'allowWrite' && ALWAYS_WRITABLE.test(rule.path)) continue;
    const fact = facts.get(rule.path);
    if (!fact) throw new Error(`no fact about ${rule.path}`);
    if (fact.kind === 'missing') missing.push({ rule, real: fact.real });
    if (fact.kind === 'missing' || fact.kind === 'unreachable') continue;
    refuseSystemPath(rule, fact.real);
    resolved.push({ ...rule, path: fact.real });
  }
  const notices = missing.flatMap(({ rule, real }) => judgeMissing(rule, real, resolved));
  return { rules: resolved, notices };
}

function unenforceable(rule: PathRule, problem: string, hint: string): SrtError {
  return new SrtError('SRT_COMPILE_UNENFORCEABLE', `${describeSource(rule.source)} ${problem}`, {
    hint,
  });
}

function refuseSystemPath(rule: PathRule, real: string): void {
  const kernel = ['/proc', '/sys', '/dev'].find((folder) => isWithin(real, folder));
  if (kernel && rule.list === 'allowWrite')
    throw unenforceable(rule, `would open the kernel's own files to the command`, 'remove it');
  if (rule.list === 'denyRead' && (real === '/proc' || real === '/dev'))
    throw unenforceable(rule, 'would leave no program able to run', 'deny paths below it');
}

/** A mount needs something to be mounted on, and srt leaves nothing behind in the user's files. */
function judgeMissing(rule: PathRule, real: string, rules: readonly PathRule[]): string[] {
  if (rule.source.where === null) return [];
  const name = describeSource(rule.source);
  if (rule.list === 'allowWrite') return [`${name} does not exist, so it cannot be written`];
  const creatable = decideAccess(rules, real) === 'read-write';
  if (rule.list === 'denyWrite' && creatable) {
    throw unenforceable(
      rule,
      'does not exist inside a writable folder, and srt cannot keep the command from creating it',
      'create it, or make a smaller folder writable',
    );
  }
  if (rule.list === 'denyRead')
    return [`${name} does not exist; should it appear while the command runs, it is readable`];
  return [];
}
