/* Rules as the settings would give them, for tests of what is decided from them. */
import { SrtError } from '../../src/errors.ts';
import { type DomainRule, parseDomainPattern } from '../../src/policy/domain-rule.ts';
import type { EnvironmentPolicy } from '../../src/policy/environment.ts';
import { GROUPS } from '../../src/policy/environment-rules.ts';
import type { PathList, PathRule } from '../../src/policy/path-rules.ts';
import type { Policy } from '../../src/policy/policy.ts';

/** A rule of the user's settings. */
export function rule(list: PathList, path: string): PathRule {
  return {
    list,
    path,
    source: { setting: `filesystem.${list}`, typed: path, where: 'settings.json:1:1' },
  };
}

/** A rule that srt brings itself. */
export function builtIn(list: PathList, path: string): PathRule {
  return { list, path, source: { setting: `filesystem.${list}`, typed: path, where: null } };
}

export function domainRule(list: DomainRule['list'], typed: string): DomainRule {
  const pattern = parseDomainPattern(typed, list);
  if ('problem' in pattern) throw new Error(`${typed} ${pattern.problem}`);
  const source = { setting: `network.${list}`, typed, where: 'settings.json:1:1' };
  return { list, ...pattern, source };
}

/** `allowedDomains` entries, with a leading `!` for `deniedDomains`. */
export function domains(...entries: string[]): DomainRule[] {
  return entries.map((entry) =>
    entry.startsWith('!')
      ? domainRule('deniedDomains', entry.slice(1))
      : domainRule('allowedDomains', entry),
  );
}

/** The lists of `env`. */
export function environmentPolicy(lists: {
  mode?: EnvironmentPolicy['mode'];
  pass?: readonly string[];
  deny?: readonly string[];
}): EnvironmentPolicy {
  const rules = (['pass', 'deny'] as const).flatMap((list) =>
    (lists[list] ?? []).flatMap((typed) =>
      (GROUPS[typed] ?? [typed]).map((pattern) => ({
        list,
        pattern: Buffer.from(pattern).toString('latin1'),
        group: typed in GROUPS,
        source: { setting: `env.${list}`, typed, where: 'settings.json:1:1' },
      })),
    ),
  );
  return { mode: lists.mode ?? 'inherit', rules, set: [] };
}

export function networkPolicy(...entries: string[]): Policy {
  const domainRules = domains(...entries);
  return {
    paths: [],
    patterns: [],
    protectedNames: [],
    homes: [],
    domains: domainRules,
    transparent: true,
    forwards: [],
    settingsFile: 'settings.json',
  };
}

/** The SrtError that `act` throws. Fails when it throws something else, or nothing. */
export function refusal(act: () => unknown): SrtError {
  try {
    act();
  } catch (error) {
    if (error instanceof SrtError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
