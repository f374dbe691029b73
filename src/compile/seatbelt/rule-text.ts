import { quote } from './quote.ts';
import { spellings, spellingsBelow } from './spellings.ts';

/** What is at a path: it decides which filters are needed for it. */
export type PathKind = 'directory' | 'file' | 'missing';

/** The path alone, by each of its names. */
export function literal(path: string): string[] {
  return spellings(path).map((name) => `(literal ${quote(name)})`);
}

/** The path with all that is or could come beneath it. `subpath` is said to match only folders by
 * some who tried, so whatever is not one for certain is named by itself too. */
export function subtree(path: string, kind: PathKind): string[] {
  const below = spellingsBelow(path).map((name) => `(subpath ${quote(name)})`);
  return kind === 'directory' ? below : [...literal(path), ...below];
}

/** A filter, and why it is there where its rule does not say so. */
export type Reasoned = string | readonly [filter: string, reason: string];

/** One rule, or nothing where no filter is left: a rule without filters is about everything. */
export function rule(
  action: 'allow' | 'deny',
  operations: string,
  filters: readonly Reasoned[],
  tag: string,
): string[] {
  if (filters.length === 0) return [];
  /* Each deny says the tag by itself: the one of the default is not passed on to it. */
  const all = action === 'deny' ? [...filters, `(with message ${quote(tag)})`] : filters;
  const lines = all.map((one, at) => {
    const [filter, reason] = typeof one === 'string' ? [one, null] : one;
    /* Behind a reason nothing is read any more. */
    const end = at === all.length - 1 ? ')' : '';
    return `${indented([filter])}${end}${reason === null ? '\n' : ` ${comment(reason)}`}`;
  });
  return [`(${action} ${operations}\n${lines.join('')}`];
}

/** A line for who reads the profile. What stands in settings cannot end it. */
export function comment(text: string): string {
  return `; ${text.replace(/[^ -~]/g, '?')}\n`;
}

/** Rules with what they are for, where there are any. */
export function headed(heading: string, rules: readonly string[]): string[] {
  return rules.length === 0 ? [] : [heading, ...rules];
}

/** Filters one step further in. What is quoted in them has no line break that is not escaped. */
export function indented(filters: readonly string[]): string {
  return filters.map((filter) => `  ${filter.replaceAll('\n', '\n  ')}`).join('\n');
}
