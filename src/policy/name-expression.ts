import type { Part, Segment } from './glob.ts';

/** An expression for the names that a segment means: for those who have a hundred thousand. */
export function nameExpression(segment: Exclude<Segment, { type: 'deep' }>): RegExp {
  if (segment.type === 'name') return new RegExp(`^${escapeText(segment.name)}$`, 'su');
  return new RegExp(`^${segment.parts.map(expressionOf).join('')}$`, 'su');
}

function expressionOf(part: Part): string {
  switch (part.type) {
    case 'any':
      return '.*';
    case 'one':
      return '.';
    case 'text':
      return escapeText(part.text);
    case 'set': {
      const ranges = part.ranges.map((range) => range.map(escapeCode).join('-'));
      return `[${part.negated ? '^' : ''}${ranges.join('')}]`;
    }
  }
}

function escapeCode(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
