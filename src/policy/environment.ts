import { CLEAN_BASE, LOADERS, OUT_OF_REACH, PROXY_VARIABLE } from './environment-rules.ts';
import { describeSource, type Source } from './source.ts';

/** An entry of env.pass or env.deny; a group is one rule for each of its patterns. */
export interface EnvironmentRule {
  list: 'pass' | 'deny';
  /** A name in which `*` stands for any characters. Its bytes as Latin-1, like the names of an
   * environment. */
  pattern: string;
  /** The group that it is from, whose patterns match in upper and lower case alike. */
  group: boolean;
  source: Source;
}

/** What of the caller's environment a command gets. */
export interface EnvironmentPolicy {
  /** Whether a variable that no rule is about is passed on. */
  mode: 'inherit' | 'clean';
  rules: readonly EnvironmentRule[];
  /** Variables that the settings give the command, whatever the rules say. */
  set: readonly (readonly [name: string, value: string])[];
}

/** What is passed on where the settings do not say. */
export const INHERIT: EnvironmentPolicy = { mode: 'inherit', rules: [], set: [] };

export interface VariableDecision {
  passed: boolean;
  /** Why not, in words that name the rule. */
  reason: string;
  /** Whether the user should be told without asking. */
  tell: boolean;
}

interface Rule extends VariableDecision {
  /** The pattern between its asterisks. */
  parts: readonly string[];
  anyCase: boolean;
  /** What a value must begin with for the rule to count. */
  value: string;
  /** Of two rules that match, the one with the greater numbers counts. */
  literals: number;
  precedence: number;
}

const PASSED: VariableDecision = { passed: true, reason: '', tell: false };
const CLEAN: VariableDecision = {
  passed: false,
  reason: 'not in the base list of a clean environment',
  tell: false,
};
const PROXY: VariableDecision = {
  passed: false,
  reason: 'says where a proxy is, which cannot be reached from inside',
  tell: false,
};

/* At a tie a deny wins, except that what is written out beats what a group has, and both beat
 * what srt brings itself: as with paths. */
const PRECEDENCE = {
  written: { deny: 5, pass: 4 },
  group: { deny: 3, pass: 2 },
  builtIn: { deny: 1, pass: 0 },
} as const;

/** Decides about variables by their name, as Latin-1, and where a rule needs it their value. */
export type EnvironmentDecider = (name: string, value: () => string) => VariableDecision;

/** The rules sorted once, so that a variable costs a look-up and a few comparisons: with an exact
 * name the rule for it counts, else of the patterns the one with the most literal characters. */
export function createEnvironmentDecider(policy: EnvironmentPolicy): EnvironmentDecider {
  const exact = new Map<string, Rule>();
  const wild: Rule[] = [];
  for (const rule of allRules(policy)) {
    if (rule.parts.length > 1) wild.push(rule);
    else {
      const [name = ''] = rule.parts;
      const other = exact.get(name);
      if (!other || rule.precedence > other.precedence) exact.set(name, rule);
    }
  }
  wild.sort((a, b) => b.literals - a.literals || b.precedence - a.precedence);
  const anyCase = wild.some((rule) => rule.anyCase);
  const otherwise = policy.mode === 'clean' ? CLEAN : PASSED;
  return (name, value) => {
    const rule = exact.get(name);
    if (rule && (rule.value === '' || value().startsWith(rule.value))) return rule;
    if (PROXY_VARIABLE.test(name)) return PROXY;
    const upper = anyCase ? name.toUpperCase() : name;
    return wild.find((one) => matches(one.parts, one.anyCase ? upper : name)) ?? otherwise;
  };
}

function allRules({ mode, rules }: EnvironmentPolicy): Rule[] {
  /* Nothing of a clean environment is worth telling: it was asked for. */
  const tell = mode === 'inherit';
  const denied = (typed: string, reason: string, told: boolean): Rule => {
    const [name = '', value = '*'] = typed.split('=');
    const decision = { passed: false, reason, tell: told };
    return { ...toRule(name, PRECEDENCE.builtIn.deny, decision), value: value.slice(0, -1) };
  };
  return [
    ...OUT_OF_REACH.map(([name, pointsTo]) => denied(name, `points to ${pointsTo}`, false)),
    ...LOADERS.map(([name, does]) => denied(name, does, tell)),
    ...(mode === 'clean'
      ? CLEAN_BASE.map((name) => toRule(name, PRECEDENCE.builtIn.pass, PASSED))
      : []),
    ...rules.map(({ list, pattern, group, source }) => {
      const decision =
        list === 'pass' ? PASSED : { passed: false, reason: describeSource(source), tell: false };
      const rule = toRule(pattern, PRECEDENCE[group ? 'group' : 'written'][list], decision);
      return { ...rule, anyCase: group };
    }),
  ];
}

function toRule(pattern: string, precedence: number, decision: VariableDecision): Rule {
  const parts = pattern.split('*');
  const literals = pattern.length - parts.length + 1;
  return { ...decision, parts, anyCase: false, value: '', literals, precedence };
}

function matches(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] ?? '';
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
