import { foldName } from '../../policy/fold.ts';
import { spellings } from './spellings.ts';

/** Stands for any number of letters beyond ASCII, or for some that are there and cannot be seen. */
const OTHER_SCRIPT = '\u0080';
const UNSEEN = '\u0081';

/** A pattern for `path` and the folders between it and `base`, in every case that a volume may take
 * for the same name. It errs by matching too much: what it matches may not be created. */
export function foldedPattern(base: string, path: string): string {
  const names = path.slice(base === '/' ? 1 : base.length + 1).split('/');
  const tail = names.slice(1).reduceRight((inner, name) => `(/${foldedText(name)}${inner})?`, '');
  const bases = spellings(base === '/' ? '' : base).map(exactly);
  return `^${bases.length === 1 ? bases[0] : `(${bases.join('|')})`}/${foldedText(names[0] ?? '')}${tail}$`;
}

function exactly(text: string): string {
  return [...text].map(character).join('');
}

/** Of a name, or a part of one. */
export function foldedText(text: string): string {
  const composed = text.normalize('NFC').replaceAll('\u017f', 's');
  const standIns = composed.replace(/[\u{80}-\u{10ffff}]+/gu, (run) =>
    foldName(run) === '' ? UNSEEN : OTHER_SCRIPT,
  );
  return [...standIns].map(folded).join('');
}

function folded(letter: string): string {
  /* Accents are part of a letter or follow one of ASCII, and other scripts have their own cases. */
  if (letter === OTHER_SCRIPT) return '[a-zA-Z]?[^ -~]([a-zA-Z]?[^ -~])*';
  if (letter === UNSEEN) return '[^ -~]*';
  const both = `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
  /* U+017F folds to s and U+212A to k. */
  if (/[sk]/i.test(letter)) return `(${both}|[^ -~]+)`;
  if (/[a-z]/i.test(letter)) return both;
  return character(letter);
}

/** Without a backslash: how many of them a pattern needs is told differently by everyone. */
function character(letter: string): string {
  if (/[[\]\\^]/.test(letter)) return '[^/]';
  return /[.*+?(){}|$]/.test(letter) ? `[${letter}]` : letter;
}
