/** Whether a text is these parts with anything in between: a pattern, split at its asterisks. */
export function matchesParts(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] ?? '';
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** One expression for many patterns: what it does not find fits none of them. Most variables fit
 * none, and trying each pattern on each of two hundred would take milliseconds in cold code. */
export function patternFilter(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.map(expressionOf).join('|'), 'i');
}

function expressionOf(pattern: string): string {
  const inner = pattern.replaceAll(/^\*+|\*+$/g, '');
  const parts = inner.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&'));
  const start = pattern.startsWith('*') ? '' : '^';
  return start + parts.join('[^]*') + (pattern.endsWith('*') ? '' : '$');
}
