import type { Part, Segment } from './glob.ts';

/** A name as file systems that ignore case compare it, as far as it can be meant by an ASCII name:
 * native/files/fold.c does the same. */
export function foldName(name: string): string {
  return name
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What names fit once they are folded. */
export function foldSegment(segment: Segment): Segment {
  if (segment.type === 'name') return { ...segment, name: foldName(segment.name) };
  if (segment.type === 'deep') return segment;
  const parts = segment.parts.map((part): Part => {
    if (part.type === 'text') return { ...part, text: foldName(part.text) };
    return part.type === 'set' ? { ...part, ranges: part.ranges.flatMap(bothCases) } : part;
  });
  return { ...segment, parts };
}

const [A, Z, SMALL] = [0x41, 0x5a, 0x20];

/** A range, and the small letters of the capital ones in it. */
function bothCases(range: readonly [number, number]): (readonly [number, number])[] {
  const [first, last] = [Math.max(range[0], A), Math.min(range[1], Z)];
  return first > last ? [range] : [range, [first + SMALL, last + SMALL]];
}
