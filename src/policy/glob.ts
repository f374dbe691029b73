import { spellOut } from './several-letters.ts';

/** Patterns for paths: `*` for any characters of one name, `?` for one, `[a-z]` and `[!a-z]`, braces,
 * and the segment `**` for any number of folders, also none; a backslash takes the meaning away.
 * Names that begin with a dot are like others: a deny must not miss them. */
export type Segment =
  | { type: 'name'; name: string; folded?: true }
  | { type: 'pattern'; parts: readonly Part[] }
  | { type: 'deep' };

/** The segments of one alternative. */
export type Pattern = readonly Segment[];

/** Of a name: text that means itself, any characters, or one character (of a set). Of folded text (fold.ts)
 * one character may stand for several letters. */
export type Part =
  | { type: 'text'; text: string; folded?: true }
  | { type: 'any' }
  | { type: 'one' }
  | { type: 'set'; negated: boolean; ranges: readonly (readonly [first: number, last: number])[] };

/** Braces multiply: more than this is a mistake, or an attack on whoever has to read it. */
const MAX_ALTERNATIVES = 1000;

/** What a set may have; folded it has up to twice as many, and native/files/glob.h counts in a byte. */
const MAX_RANGES = 127;

/** Whether the text is a pattern; a backslash alone makes none. */
export function hasWildcard(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** The segments of each alternative. `text` is absolute and normalised but for its patterns. Returns
 * a problem, in words that follow "the path ...", for what is no pattern. */
export function parseGlob(text: string): Segment[][] | { problem: string } {
  const alternatives = expandBraces(text);
  if (alternatives === null) return { problem: 'has braces that do not match' };
  if (alternatives.length > MAX_ALTERNATIVES)
    return { problem: `has braces that stand for more than ${MAX_ALTERNATIVES} paths` };
  const globs: Segment[][] = [];
  for (const alternative of alternatives) {
    const segments: Segment[] = [];
    for (const segment of splitSegments(alternative)) {
      if (segment === '..') return { problem: 'leads upwards behind a wildcard' };
      const parsed = parseSegment(segment);
      if ('problem' in parsed) return parsed;
      /* Two in a row mean what one means. */
      if (parsed.type !== 'deep' || segments.at(-1)?.type !== 'deep') segments.push(parsed);
    }
    /* "dir/**" is the folder with everything in it, which is what "dir" means. */
    if (segments.at(-1)?.type === 'deep' && segments.length > 1) segments.pop();
    globs.push(segments);
  }
  return globs;
}

/** At the slashes that are in no set. */
function splitSegments(text: string): string[] {
  return text.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/** Null where a brace is not closed. */
function expandBraces(text: string): string[] | null {
  const open = findBrace(text, 0, '{');
  if (open === -1) return findBrace(text, 0, '}') === -1 ? [text] : null;
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '{') depth++;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    } else if (character === '}' && depth-- === 0) {
      parts.push(text.slice(from, at));
      /* "{a}" is a name, as in shells: there is nothing to choose from. */
      if (parts.length === 1) parts[0] = `\\{${parts[0]}\\}`;
      return joinAlternatives(text.slice(0, open), parts, text.slice(at + 1));
    }
  }
  return null;
}

function findBrace(text: string, from: number, brace: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === brace) return at;
  }
  return -1;
}

function joinAlternatives(
  before: string,
  parts: readonly string[],
  after: string,
): string[] | null {
  const all: string[] = [];
  for (const part of parts) {
    /* Both may have braces of their own. */
    const expanded = expandBraces(`${part}${after}`);
    if (expanded === null) return null;
    for (const text of expanded) all.push(before + text);
    if (all.length > MAX_ALTERNATIVES) return all;
  }
  return all;
}

function parseSegment(text: string): Segment | { problem: string } {
  if (text === '**') return { type: 'deep' };
  const parts: Part[] = [];
  const addText = (character: string) => {
    const last = parts.at(-1);
    if (last?.type === 'text') last.text += character;
    else parts.push({ type: 'text', text: character });
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\' && at + 1 < text.length) addText(text[++at] ?? '');
    else if (character === '*') {
      if (parts.at(-1)?.type !== 'any') parts.push({ type: 'any' });
    } else if (character === '?') parts.push({ type: 'one' });
    else if (character === '[') {
      /* A bracket that stands first in a set is one of its characters. */
      const inside = /^\[[!^]?\]?[^\]]*(?=\])/.exec(text.slice(at))?.[0].slice(1);
      const set = parseSet(inside ?? '');
      if (set === null) return { problem: 'has a [ that begins no set' };
      parts.push(set);
      at += (inside ?? '').length + 1;
    } else addText(character);
  }
  const [only] = parts;
  if (parts.length === 1 && only?.type === 'text') return { type: 'name', name: only.text };
  return { type: 'pattern', parts };
}

/** What is between the brackets. Null for what is empty, backwards, or a class of POSIX. */
function parseSet(text: string): Part | null {
  const negated = /^[!^]/.test(text);
  const characters = [...(negated ? text.slice(1) : text)];
  if (characters.length === 0 || text.includes('[:')) return null;
  const ranges: [number, number][] = [];
  for (let at = 0; at < characters.length; at++) {
    const first = characters[at]?.codePointAt(0) ?? 0;
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length;
    const last = isRange ? (characters[at + 2]?.codePointAt(0) ?? 0) : first;
    if (last < first) return null;
    ranges.push([first, last]);
    if (isRange) at += 2;
  }
  return ranges.length > MAX_RANGES ? null : { type: 'set', negated, ranges };
}

/** Whether one name fits one segment. */
export function matchesName(segment: Segment, name: string): boolean {
  if (segment.type === 'deep') return true;
  if (segment.type === 'name') return segment.name === (segment.folded ? spellOut(name) : name);
  return matchesParts(segment.parts, [...name]);
}

function matchesParts(parts: readonly Part[], characters: readonly string[]): boolean {
  const [part, ...others] = parts;
  if (!part) return characters.length === 0;
  if (part.type === 'any') {
    for (let taken = 0; taken <= characters.length; taken++)
      if (matchesParts(others, characters.slice(taken))) return true;
    return false;
  }
  if (part.type === 'text') {
    const taken = lengthOf(part, characters);
    return taken !== null && matchesParts(others, characters.slice(taken));
  }
  const [character, ...rest] = characters;
  if (character === undefined) return false;
  return (part.type === 'one' || isInSet(part, character)) && matchesParts(others, rest);
}

/** How many characters the text takes at the front, or null. */
function lengthOf({ text, folded }: Part & { type: 'text' }, characters: readonly string[]) {
  let rest = text;
  let taken = 0;
  while (rest !== '') {
    const character = characters[taken++];
    if (character === undefined) return null;
    const said = folded ? spellOut(character) : character;
    if (!rest.startsWith(said)) return null;
    rest = rest.slice(said.length);
  }
  return taken;
}

function isInSet({ negated, ranges }: Extract<Part, { type: 'set' }>, character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return ranges.some(([first, last]) => code >= first && code <= last) !== negated;
}

/** Whether the names, from the first to the last, are what the pattern means. */
export function matchesPath<Name>(
  pattern: readonly Segment[],
  names: readonly Name[],
  fits: (segment: Segment, name: Name) => boolean,
): boolean {
  const [segment, ...others] = pattern;
  if (!segment) return names.length === 0;
  if (segment.type === 'deep') {
    for (let taken = 0; taken <= names.length; taken++)
      if (matchesPath(others, names.slice(taken), fits)) return true;
    return false;
  }
  const [name, ...rest] = names;
  return name !== undefined && fits(segment, name) && matchesPath(others, rest, fits);
}

/** Whether what has these names, or a folder above it, fits: that stands for all beneath it. */
export function coversPath(pattern: readonly Segment[], names: readonly string[]): boolean {
  return names.some((_, at) => matchesPath(pattern, names.slice(0, at + 1), matchesName));
}
