import { normalize } from 'node:path';
import {
  CLEAN_BASE,
  CLEAN_PATTERNS,
  LOADERS,
  OUT_OF_REACH,
  OUT_OF_REACH_BY_VALUE,
  OUT_OF_REACH_PATTERNS,
  PROXY_VARIABLE,
  UNIX_SOCKET,
} from './environment-rules.ts';
import { isWithin } from './path-rules.ts';
import { socketPaths } from './socket-variables.ts';
import { describeSource, type Source } from './source.ts';
import { isOpened } from './unix-sockets.ts';
import { matchesParts, patternFilter } from './variable-pattern.ts';

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

/** A rule with a `*`. Of two that match, the one with the greater numbers counts. */
interface WildRule {
  pattern: string;
  /** The pattern between its asterisks. */
  parts: readonly string[];
  anyCase: boolean;
  literals: number;
  precedence: number;
  decision(): VariableDecision;
}

const PASSED: VariableDecision = { passed: true, reason: '', tell: false };
const withhold = (reason: string, tell = false) => ({ passed: false, reason, tell });
const pointsTo = (what: string) => withhold(`points to ${what}`);

/* At a tie a deny wins, except that what is written out beats what a group has, and both beat
 * what srt brings itself: as with paths. */
const PRECEDENCE = {
  written: { deny: 5, pass: 4 },
  group: { deny: 3, pass: 2 },
  builtIn: { deny: 1, pass: 0 },
} as const;

/** Decides about a variable by its name, as Latin-1. */
export type EnvironmentDecider = (name: string) => VariableDecision;

/** The rules sorted once, so that most variables cost one look-up and one test: with an exact name
 * the rule for it counts, else of the patterns the one with the most literal characters. A value
 * is asked for where a rule of srt's own needs it. `sockets` can be connected to, each with what is
 * beneath: what names one of them is not out of reach. */
export function createEnvironmentDecider(
  { mode, rules }: EnvironmentPolicy,
  readValue: (name: string) => string,
  sockets: readonly string[] = [],
): EnvironmentDecider {
  const exact = builtInNames(mode, readValue, sockets);
  const wild = builtInPatterns(mode);
  const written = new Set<string>();
  for (const rule of rules) {
    if (rule.pattern.includes('*')) wild.push(userPattern(rule));
    else if (rule.list === 'deny' || !written.has(rule.pattern)) {
      exact.set(rule.pattern, () => decisionOf(rule));
      if (rule.list === 'deny') written.add(rule.pattern);
    }
  }
  wild.sort((a, b) => b.literals - a.literals || b.precedence - a.precedence);
  const fits = patternFilter(wild.map(({ pattern }) => pattern));
  const otherwise =
    mode === 'inherit' ? PASSED : withhold('not in the base list of a clean environment');
  const byPattern = (name: string) => {
    const upper = name.toUpperCase();
    const best = wild.find((one) => matchesParts(one.parts, one.anyCase ? upper : name));
    return best?.decision() ?? otherwise;
  };
  return (name) => {
    const decision = exact.get(name)?.(name);
    if (decision) return decision;
    if (isProxyVariable(name)) return withhold('says where a proxy is, which is out of reach');
    return fits.test(name) ? byPattern(name) : otherwise;
  };
}

function decisionOf({ list, source }: EnvironmentRule): VariableDecision {
  return list === 'pass' ? PASSED : withhold(describeSource(source));
}

/** Null where the value is none that the rule is about. */
type ByName = (name: string) => VariableDecision | null;

/** Whether a variable names a socket of these, or the folder that one is in. */
function leadsTo(
  name: string,
  readValue: (name: string) => string,
  sockets: readonly string[],
): boolean {
  if (sockets.length === 0) return false;
  if (name === 'XDG_RUNTIME_DIR') {
    const folder = readValue(name);
    return folder.startsWith('/') && sockets.some((path) => isWithin(path, folder));
  }
  return socketPaths(name, readValue).some((path) => isOpened(sockets, normalize(path)));
}

/** What srt itself has to say of names. One function for each list, not for each name: all of this
 * is done at every start. */
function builtInNames(
  mode: EnvironmentPolicy['mode'],
  readValue: (name: string) => string,
  sockets: readonly string[],
) {
  const targets = new Map([...OUT_OF_REACH, ...OUT_OF_REACH_BY_VALUE]);
  const outOfReach = (name: string) =>
    leadsTo(name, readValue, sockets) ? null : pointsTo(targets.get(name) ?? '');
  const ifSocket = (name: string) =>
    readValue(name).startsWith(UNIX_SOCKET) ? outOfReach(name) : null;
  const does = new Map(LOADERS);
  /* What a clean environment lacks is no news: it was asked for. */
  const loader = (name: string) => withhold(does.get(name) ?? '', mode === 'inherit');
  const exact = new Map<string, ByName>();
  for (const [name] of OUT_OF_REACH) exact.set(name, outOfReach);
  for (const [name] of OUT_OF_REACH_BY_VALUE) exact.set(name, ifSocket);
  for (const [name] of LOADERS) exact.set(name, loader);
  if (mode === 'clean') for (const name of CLEAN_BASE) exact.set(name, () => PASSED);
  return exact;
}

/** Most names are told by a word, for a tenth of what the whole expression costs. */
function isProxyVariable(name: string): boolean {
  return /proxy/i.test(name) && PROXY_VARIABLE.test(name);
}

function builtInPatterns(mode: EnvironmentPolicy['mode']): WildRule[] {
  const { deny, pass } = PRECEDENCE.builtIn;
  const denied = OUT_OF_REACH_PATTERNS.map(([pattern, what]) =>
    toWild(pattern, deny, () => pointsTo(what)),
  );
  const base = mode === 'clean' ? CLEAN_PATTERNS : [];
  return [...denied, ...base.map((pattern) => toWild(pattern, pass, () => PASSED))];
}

function userPattern(rule: EnvironmentRule): WildRule {
  const precedence = PRECEDENCE[rule.group ? 'group' : 'written'][rule.list];
  const wild = toWild(rule.pattern, precedence, () => decisionOf(rule));
  wild.anyCase = rule.group;
  return wild;
}

function toWild(pattern: string, precedence: number, decision: WildRule['decision']): WildRule {
  const parts = pattern.split('*');
  const literals = pattern.length - parts.length + 1;
  return { pattern, parts, anyCase: false, literals, precedence, decision };
}
