import type { Pattern } from '../../policy/glob.ts';
import { isWithin } from '../../policy/path-rules.ts';
import { narrowTexts, pathRegexes, type Reach } from './path-regex.ts';
import { placesOf } from './places.ts';
import { quote } from './quote.ts';
import { indented } from './rule-text.ts';
import { spellingsBelow } from './spellings.ts';

/** Where patterns count from, and where what lies above does not. */
export interface Scope {
  base: string;
  /** Folders below which only what a pattern means further down counts. */
  lifted: readonly string[];
  /** What is left of a pattern at such a folder. */
  left(pattern: Pattern, folder: string): readonly Pattern[];
}

export interface Wanted {
  patterns: readonly Pattern[];
  /** What each of them is looked for as. */
  as?: (pattern: Pattern) => readonly Pattern[];
  reach: Reach;
  /** Whether what errs by meaning less is looked for. */
  narrow?: boolean;
  /** Filters of which one makes an exception; and patterns that do. */
  unless?: readonly string[];
  except?: readonly Pattern[];
  /** For what no expression is long enough. */
  refuse: () => never;
}

/** The filters for all that the patterns mean in the scope. */
export function scopedFilters(scope: Scope, wanted: Wanted): string[] {
  const { patterns, as = (pattern) => [pattern], except = [] } = wanted;
  const within = (folder: string) => scope.lifted.filter((one) => isBelow(one, folder));
  const at = (folder: string | null, some: readonly Pattern[]) =>
    folder === null ? some : some.flatMap((pattern) => scope.left(pattern, folder));
  return [null, ...scope.lifted].flatMap((folder) =>
    filtersBelow(folder ?? scope.base, folder === null ? scope.lifted : within(folder), {
      ...wanted,
      patterns: at(folder, patterns.flatMap(as)),
      except: at(folder, except),
    }),
  );
}

function filtersBelow(base: string, lifted: readonly string[], wanted: Wanted): string[] {
  const { patterns, reach, narrow = false, unless = [], except = [], refuse } = wanted;
  return placesOf(base, patterns).flatMap(({ within, without, stem, read, readExcept }) => {
    const regexes = (some: readonly Pattern[], isNarrow: boolean) => {
      const written = isNarrow ? (one: Pattern) => narrowTexts(one) ?? [] : undefined;
      const texts = isNarrow ? some.filter(narrowTexts) : some;
      return pathRegexes(stem, texts, reach, refuse, written).map(
        (text) => `(regex ${quote(text)})`,
      );
    };
    const meant = patterns.flatMap(read).filter(({ length }) => reach === 'beneath' || length > 0);
    if (meant.length === 0) return [];
    const conditions = [
      ...(within.length === 0 ? [] : [anyOf(subpaths(within))]),
      ...none(subpaths(without)),
      ...none([...unless, ...regexes(except.flatMap(readExcept), !narrow)]),
      ...none(lifted.flatMap(below)),
    ];
    return allOf(regexes(meant, narrow), conditions);
  });
}

/** Filters that hold only where all the conditions do. */
export function allOf(filters: readonly string[], conditions: readonly string[]): string[] {
  if (conditions.length === 0 || filters.length === 0) return [...filters];
  return [form('require-all', [anyOf(filters), ...conditions])];
}

export function anyOf(filters: readonly string[]): string {
  return filters.length === 1 ? (filters[0] ?? '') : form('require-any', filters);
}

export function none(filters: readonly string[]): string[] {
  return filters.length === 0 ? [] : [form('require-not', [anyOf(filters)])];
}

function form(name: string, filters: readonly string[]): string {
  if (filters.length === 1 && !filters[0]?.includes('\n')) return `(${name} ${filters[0]})`;
  return `(${name}\n${indented(filters)})`;
}

export function below(folder: string): string[] {
  return subpaths(spellingsBelow(folder));
}

export function subpaths(names: readonly string[]): string[] {
  return names.map((name) => `(subpath ${quote(name)})`);
}

function isBelow(path: string, folder: string): boolean {
  return path !== folder && isWithin(path, folder);
}
