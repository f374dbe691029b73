import { SrtError } from '../../errors.ts';

/** sandbox-exec refuses longer strings, and no path of macOS is longer (PATH_MAX). */
const MAX_BYTES = 1024;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** The one way by which a text gets into a profile. Inside quotes nothing else ends a string:
 * parentheses and semicolons mean themselves. Throws SRT_COMPILE_UNENFORCEABLE for what the
 * language cannot say. */
export function quote(text: string): string {
  const problem = unquotable(text);
  if (problem)
    throw new SrtError('SRT_COMPILE_UNENFORCEABLE', `the path ${shown(text)} ${problem}`, {
      hint: 'name a folder above it, or rename it',
    });
  return `"${text.replace(/["\\\n\r\t]/g, (character) => ESCAPES[character] ?? character)}"`;
}

function unquotable(text: string): string | null {
  if (text.includes('\0')) return 'contains a NUL byte';
  const bytes = Buffer.from(text);
  /* U+FFFD is what Node makes of a byte that it cannot read: the rule would be about another. */
  if (text.includes('\ufffd') || bytes.toString() !== text)
    return 'is not valid UTF-8, and macOS takes rules about no other path';
  if (bytes.length > MAX_BYTES) return `is longer than ${MAX_BYTES} bytes`;
  return null;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
