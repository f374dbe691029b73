import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { errnoOf, SrtError } from '../errors.ts';
import { foldName, foldSegment } from '../policy/fold.ts';
import { nameExpression } from '../policy/name-expression.ts';
import type { PathPattern } from '../policy/path-rules.ts';
import { describeSource } from '../policy/source.ts';

/** bubblewrap takes minutes for many more mounts than this. */
const MAX_MATCHES = 2000;

const LEGIBLE = 200;

/** How many names are looked at before somebody is told. */
const STRIDE = 4096;

/* Other trees, without end. */
const KERNEL_FOLDERS = ['/proc', '/sys', '/dev'];

export interface Search {
  uid: number;
  /** Whether names below the base of a pattern are meant in any case. */
  ignoresCase(base: string): boolean;
  /** Called now and then with how many names were looked at so far. */
  progress(names: number): void;
}

/** A pattern on its way down: which segment the next name has to match. null is `**`. */
interface State {
  pattern: PathPattern;
  expressions: readonly (RegExp | null)[];
  /** Whether they are about folded names. */
  folded: boolean;
  at: number;
}

/** What there is of what the patterns mean, by their own base. Links are not followed, and what is
 * found is not looked into for the same pattern. Throws SRT_COMPILE_UNENFORCEABLE for what cannot be
 * looked into or named, although the command might get there. */
export function findMatches(
  patterns: readonly PathPattern[],
  search: Search,
): Map<PathPattern, string[]> {
  const found = new Map(patterns.map((pattern): [PathPattern, string[]] => [pattern, []]));
  const folders = new Map<string, State[]>();
  for (const pattern of patterns) {
    const folded = search.ignoresCase(pattern.base);
    const expressions = pattern.rest
      .map((part) => (folded ? foldSegment(part) : part))
      .map((part) => (part.type === 'deep' ? null : nameExpression(part)));
    const states = folders.get(pattern.base) ?? [];
    folders.set(pattern.base, [...states, { pattern, expressions, folded, at: 0 }]);
  }
  let names = 0;
  for (const [folder, begun] of folders) {
    folders.delete(folder);
    const states = begun.flatMap(withoutDeep);
    for (const entry of entriesOf(folder, begun, search.uid)) {
      if (++names % STRIDE === 0) search.progress(names);
      const path = `${folder === '/' ? '' : folder}/${entry.name}`;
      const next = advance(states, entry.name, (pattern) => keep(found, pattern, path));
      if (next.length === 0 || !entry.isDirectory() || KERNEL_FOLDERS.includes(path)) continue;
      const [first] = next;
      if (first) refuseUnnamed(first.pattern, path);
      folders.set(path, next);
    }
  }
  return found;
}

/** `**` stands for no folder, too. */
function withoutDeep(state: State): State[] {
  const next = { ...state, at: state.at + 1 };
  return state.expressions[state.at] === null ? [state, ...withoutDeep(next)] : [state];
}

/** The states below a name. Patterns that mean the name itself are told, and end. */
function advance(
  states: readonly State[],
  name: string,
  match: (pattern: PathPattern) => void,
): State[] {
  const next: State[] = [];
  const matched = new Set<PathPattern>();
  for (const state of states) {
    const expression = state.expressions[state.at];
    if (expression === null) next.push(state);
    else if (!expression?.test(state.folded ? foldName(name) : name)) continue;
    else if (state.at + 1 < state.expressions.length) next.push({ ...state, at: state.at + 1 });
    else if (!matched.has(state.pattern)) {
      matched.add(state.pattern);
      match(state.pattern);
    }
  }
  return matched.size === 0 ? next : next.filter(({ pattern }) => !matched.has(pattern));
}

function keep(found: Map<PathPattern, string[]>, pattern: PathPattern, path: string): void {
  refuseUnnamed(pattern, path);
  const paths = found.get(pattern);
  paths?.push(path);
  if (paths && paths.length > MAX_MATCHES)
    throw unenforceable(
      pattern,
      `means more than ${MAX_MATCHES} paths`,
      'name the folders that they are in',
    );
}

/** Node writes U+FFFD for what is not UTF-8, and no path can be made of that. */
function refuseUnnamed(pattern: PathPattern, path: string): void {
  if (!path.includes('\ufffd')) return;
  const name = JSON.stringify(path);
  throw unenforceable(
    pattern,
    `would be about ${name}, whose name is not UTF-8`,
    'rename it, or name the folder that it is in',
  );
}

function entriesOf(folder: string, states: readonly State[], uid: number): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return [];
    const [first] = states;
    /* What belongs to another stays shut; of what is the user's own, the command may open the mode. */
    if (!first || (errno === 'EACCES' && !isOwn(folder, uid))) return [];
    throw unenforceable(
      first.pattern,
      `cannot be looked for in ${JSON.stringify(shortened(folder))} (${errno})`,
      'make the folder readable, or deny it',
    );
  }
}

/** One that is too long to be opened is too long to be read. */
function shortened(path: string): string {
  return path.length > LEGIBLE ? `${path.slice(0, LEGIBLE)}…` : path;
}

function isOwn(folder: string, uid: number): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return status !== undefined && status.uid === uid;
}

function unenforceable({ source }: PathPattern, problem: string, hint: string): SrtError {
  return new SrtError('SRT_COMPILE_UNENFORCEABLE', `${describeSource(source)} ${problem}`, {
    hint,
  });
}
