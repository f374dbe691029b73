/* Answers what a Seatbelt profile allows, from public descriptions of the language: a default, and
 * of the rules that match the last one. It shares no code with what makes the profiles. */
import {
  type Counted,
  compileFilter,
  type Filter,
  type Parameters,
  type Request,
  stringOf,
  symbolOf,
} from './filters.ts';
import { isSingle, lineage } from './operations.ts';
import { type Node, parse } from './parse.ts';

export interface Rule {
  allow: boolean;
  operations: readonly string[];
  /** Any of them is enough; none at all means everything. */
  filters: readonly Filter[];
  message: string | null;
}

export interface Profile {
  rules: readonly Rule[];
}

/** What the public descriptions leave open. */
export interface Reading {
  /** Whether a later rule for a wildcard ("file-write*") beats an earlier one for a single operation
   * of it. `order` says so, `specific` says that the rules for the nearest operation are asked first
   * and the wildcard's only when none of those matches. */
  rules: 'order' | 'specific';
  /** What is one character to the engine of expressions. */
  counted: Counted;
}

export const READINGS: readonly Reading[] = (['order', 'specific'] as const).flatMap((rules) =>
  (['characters', 'bytes'] as const).map((counted) => ({ rules, counted })),
);

export interface Verdict {
  allowed: boolean;
  /** What the log would show, where the rule that decided says so. */
  message: string | null;
}

function isList(node: Node, head: string): node is Node & { kind: 'list' } {
  return node.kind === 'list' && node.items[0]?.kind === 'symbol' && node.items[0].name === head;
}

function messageOf(node: Node & { kind: 'list' }, parameters: Parameters): string | null {
  const modifier = symbolOf(node.items[1]);
  if (modifier === 'message') return stringOf(node.items[2], parameters);
  if (['no-log', 'no-report', 'report'].includes(modifier)) return null;
  throw new Error(`no modifier is called ${modifier}`);
}

function readRule(node: Node, parameters: Parameters): Rule {
  if (node.kind !== 'list') throw new Error(`not a form: ${JSON.stringify(node)}`);
  const [head, ...rest] = node.items;
  const action = symbolOf(head);
  if (action !== 'allow' && action !== 'deny') throw new Error(`no form is called ${action}`);
  const operations = rest.flatMap((item) => (item.kind === 'symbol' ? [item.name] : []));
  const others = rest.filter((item) => item.kind !== 'symbol');
  if (operations.length === 0) throw new Error(`${action} without an operation`);
  for (const operation of operations) lineage(operation);
  const modifiers = others.filter((item) => isList(item, 'with'));
  return {
    allow: action === 'allow',
    operations: operations.map((operation) => lineage(operation)[0] as string),
    filters: others
      .filter((item) => !isList(item, 'with'))
      .map((item) => compileFilter(item, parameters)),
    message: modifiers.reduce<string | null>(
      (found, item) => messageOf(item as Node & { kind: 'list' }, parameters) ?? found,
      null,
    ),
  };
}

export function readProfile(text: string, parameters: Parameters = new Map()): Profile {
  const [version, ...forms] = parse(text);
  if (!version || !isList(version, 'version')) throw new Error('the first form is not version');
  if (version.items[1]?.kind !== 'number' || version.items[1].value !== 1)
    throw new Error('only version 1 is known');
  return { rules: forms.map((form) => readRule(form, parameters)) };
}

function lastMatch(rules: readonly Rule[], request: Request, names: readonly string[]) {
  return rules.findLast(
    ({ operations, filters }) =>
      operations.some((operation) => names.includes(operation)) &&
      (filters.length === 0 || filters.some((filter) => filter(request))),
  );
}

export function decide(profile: Profile, asked: Request, reading = READINGS[0]): Verdict {
  if (!isSingle(asked.operation)) throw new Error(`nobody is asked about ${asked.operation}`);
  const names = lineage(asked.operation);
  const request = { ...asked, counted: reading?.counted };
  const matching =
    reading?.rules === 'specific'
      ? names
          .map((name) => lastMatch(profile.rules, request, [name]))
          .find((rule) => rule !== undefined)
      : lastMatch(profile.rules, request, names);
  /* Without a default the kernel's own is to deny. */
  return { allowed: matching?.allow ?? false, message: matching?.message ?? null };
}

export function allows(profile: Profile, request: Request, reading?: Reading): boolean {
  return decide(profile, request, reading).allowed;
}
