import type { Segment } from '../../policy/glob.ts';
import { narrowName, wideName } from './name-regex.ts';

/** As long as the longest that sandbox-exec is known to take (quote.ts), with room for what quoting
 * adds. */
const MAX_BYTES = 1000;

export const FOLDERS = '(/[^/]+)*';

/** What is said of a path that fits: of it and all beneath it, or of it alone. */
export type Reach = 'beneath' | 'alone';

/** Expressions that together mean the paths below `stem` that fit one of the patterns, by as few of
 * them as their length allows. Those that are too long for any are given to `refuse`. */
export function pathRegexes(
  stem: string,
  patterns: readonly (readonly Segment[])[],
  reach: Reach,
  refuse: () => never,
  written: (pattern: readonly Segment[]) => readonly string[] = wideTexts,
): string[] {
  const isAnywhere = patterns.every(
    ([first, ...more]) => first?.type === 'deep' && more.length > 0,
  );
  const end = reach === 'beneath' ? `${FOLDERS}$` : '$';
  const begin = `^${stem}${isAnywhere ? FOLDERS : ''}`;
  const texts = patterns.map((pattern) =>
    inFolder(written(isAnywhere ? pattern.slice(1) : pattern)),
  );
  const chunks: Map<string, Set<string>>[] = [];
  const text = (chunk: ReadonlyMap<string, ReadonlySet<string>>) =>
    begin + either([...chunk].map(([folder, lasts]) => folder + either([...lasts]))) + end;
  for (const [folder, last] of texts) {
    const chunk = chunks.at(-1) ?? new Map<string, Set<string>>();
    const more = new Map(chunk).set(folder, new Set([...(chunk.get(folder) ?? []), last]));
    if (chunks.length > 0 && fits(text(more))) chunks[chunks.length - 1] = more;
    else chunks.push(new Map([[folder, new Set([last])]]));
    if (!fits(text(chunks.at(-1) ?? more))) refuse();
  }
  return chunks.map(text);
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_BYTES;
}

/** The one expression for what at least fits the pattern; null where none means so little. */
export function narrowRegex(stem: string, pattern: readonly Segment[]): string | null {
  const texts = narrowTexts(pattern);
  return texts && `^${stem}${texts.join('')}${FOLDERS}$`;
}

/** Of each segment, what errs by meaning less; null where that is nothing. */
export function narrowTexts(pattern: readonly Segment[]): string[] | null {
  const texts = pattern.map((one) => {
    const name = one.type === 'deep' ? null : narrowName(one);
    return one.type === 'deep' ? FOLDERS : name === null ? null : `/${name}`;
  });
  return texts.every((text) => text !== null) ? texts : null;
}

function wideTexts(pattern: readonly Segment[]): string[] {
  return pattern.map((one) => (one.type === 'deep' ? FOLDERS : `/${wideName(one)}`));
}

/** Patterns that lie in one folder have it in common. */
function inFolder(texts: readonly string[]): [folder: string, last: string] {
  const last = texts.at(-1) ?? FOLDERS;
  if (last === FOLDERS) return ['', texts.join('')];
  return [`${texts.slice(0, -1).join('')}/`, last.slice(1)];
}

function either(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? '') : `(${texts.join('|')})`;
}
