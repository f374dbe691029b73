import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { errnoOf, SrtError } from '../errors.ts';
import { foldName, foldSegment } from '../policy/fold.ts';
import { matchesName, type Segment } from '../policy/glob.ts';
import { nameExpression } from '../policy/name-expression.ts';
import type { PathPattern } from '../policy/path-rules.ts';
import { hasJoinedLetters } from '../policy/several-letters.ts';
import { describeSource } from '../policy/source.ts';
import { hasUnfoldedLetters, UNFOLDED_LETTERS } from '../policy/unfolded-letters.ts';

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

type Fits = (name: string) => boolean;

/** A pattern on its way down: which segment the next name has to fit. null is `**`. */
interface State {
  pattern: PathPattern;
  segments: readonly (Fits | null)[];
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
    if (folded && pattern.list === 'denyRead' && pattern.rest.some(hasUnfoldedLetters))
      throw unenforceable(pattern, UNFOLDED_LETTERS.problem, UNFOLDED_LETTERS.hint);
    const segments = pattern.rest.map(folded ? fitsFolded : fits);
    const states = folders.get(pattern.base) ?? [];
    folders.set(pattern.base, [...states, { pattern, segments, at: 0 }]);
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

function fits(segment: Segment): Fits | null {
  if (segment.type === 'deep') return null;
  const expression = nameExpression(segment);
  return (name) => expression.test(name);
}

function fitsFolded(segment: Segment): Fits | null {
  const folded = foldSegment(segment);
  const fitsAsItIs = fits(folded);
  return (
    fitsAsItIs &&
    ((name) => {
      const plain = foldName(name);
      return fitsAsItIs(plain) || (hasJoinedLetters(plain) && matchesName(folded, plain));
    })
  );
}

/** `**` stands for no folder, too. */
function withoutDeep(state: State): State[] {
  const next = { ...state, at: state.at + 1 };
  return state.segments[state.at] === null ? [state, ...withoutDeep(next)] : [state];
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
    const isMeant = state.segments[state.at];
    if (isMeant === null) next.push(state);
    else if (!isMeant?.(name)) continue;
    else if (state.at + 1 < state.segments.length) next.push({ ...state, at: state.at + 1 });
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
