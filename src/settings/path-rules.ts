import { resolve } from 'node:path';
import { SrtError } from '../errors.ts';
import { hasWildcard, parseGlob, type Segment } from '../policy/glob.ts';
import type { PathPattern, PathRule } from '../policy/path-rules.ts';
import type { Source } from '../policy/source.ts';
import type { LoadedSettings, PathEntry } from './settings.ts';

const LISTS = ['denyRead', 'allowRead', 'allowWrite', 'denyWrite'] as const;

/** What `~` and relative paths begin at. Absolute. */
export interface Places {
  home: string;
  cwd: string;
}

/** The entries of the four lists: paths made absolute, and patterns parsed. Throws
 * SRT_SETTINGS_INVALID with the place of the entry. */
export function pathRules(loaded: LoadedSettings, places: Places): (PathRule | PathPattern)[] {
  return LISTS.flatMap((list) =>
    (loaded.settings.filesystem?.[list] ?? []).flatMap((entry: PathEntry, index) => {
      const typed = typeof entry === 'string' ? entry : entry.path;
      const source = {
        setting: `filesystem.${list}`,
        typed,
        where: loaded.locate(['filesystem', list, index]),
      };
      const isLiteral = typeof entry !== 'string' && entry.literal === true;
      if (isLiteral || !hasWildcard(typed))
        return [{ list, path: toAbsolute(typed, source, places), source }];
      return parsePattern(typed, source, places).map((segments) => {
        const { base, rest } = splitBase(segments);
        return rest.length === 0 ? { list, path: base, source } : { list, base, rest, source };
      });
    }),
  );
}

export function invalidPath({ where, typed }: Source, problem: string, hint: string): SrtError {
  return new SrtError(
    'SRT_SETTINGS_INVALID',
    `${where}: the path ${JSON.stringify(typed)} ${problem}`,
    { hint },
  );
}

function holdsNul(source: Source): SrtError {
  return invalidPath(source, 'contains a NUL byte', 'no file can have that name');
}

function namesUser(source: Source): SrtError {
  const hint = 'write the folder in full, or ./~name for a file';
  return invalidPath(source, 'names another user by ~', hint);
}

/** `~` and relative paths made absolute. Throws SRT_SETTINGS_INVALID for what no path can be. */
export function toAbsolute(text: string, source: Source, { home, cwd }: Places): string {
  if (text.includes('\0')) throw holdsNul(source);
  if (/^~[^/]/.test(text)) throw namesUser(source);
  const expanded = text === '~' || text.startsWith('~/') ? home + text.slice(1) : text;
  const absolute = resolve(cwd, expanded);
  return absolute.length > 1 ? absolute.replace(/\/+$/, '') : absolute;
}

/* In settings the existing srt takes for lists of files, `!` means nothing; elsewhere it means "but
 * not", which is what the deny lists are for. */
function parsePattern(typed: string, source: Source, places: Places): Segment[][] {
  if (typed.includes('\0')) throw holdsNul(source);
  if (/^~[^/]/.test(typed)) throw namesUser(source);
  if (typed.startsWith('!'))
    throw invalidPath(source, 'begins with !', 'exceptions are entries of the other list');
  /* What stands before the first wildcard is a path like others. */
  const first = typed.search(/[*?[\]{}\\]/);
  const before = typed.slice(0, typed.lastIndexOf('/', first) + 1);
  const folder = before === '' ? places.cwd : toAbsolute(before, source, places);
  const parsed = parseGlob(typed.slice(before.length));
  if ('problem' in parsed)
    throw invalidPath(
      source,
      parsed.problem,
      'write {"path": "...", "literal": true} if the name is meant as it stands',
    );
  const names = folder.split('/').filter((name) => name !== '');
  return parsed.map((segments) => [
    ...names.map((name): Segment => ({ type: 'name', name })),
    ...segments,
  ]);
}

/** The folder that the pattern begins in, and what is looked for there. */
function splitBase(segments: readonly Segment[]): { base: string; rest: Segment[] } {
  const end = segments.findIndex(({ type }) => type !== 'name');
  const names = (end === -1 ? segments : segments.slice(0, end)).map((segment) =>
    segment.type === 'name' ? segment.name : '',
  );
  const rest = end === -1 ? [] : segments.slice(end);
  /* "dir/**" has always meant the folder with everything in it, which is what "dir" means. */
  const isAll = rest.length === 1 && rest[0]?.type === 'deep';
  return { base: `/${names.join('/')}`, rest: isAll ? [] : rest };
}
