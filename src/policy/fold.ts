import type { Part, Segment } from './glob.ts';
import { spellOut } from './several-letters.ts';

/** A name as file systems that ignore case compare it, as far as it can be meant by an ASCII name, character
 * by character: what stands for several letters stays, as a wildcard takes it whole. native/files/fold.c
 * does the same. */
export function foldName(name: string): string {
  return name
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k')
    .replaceAll('\u037e', ';')
    .replaceAll('\u1fef', '`')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What names fit once they are folded. */
export function foldSegment(segment: Segment): Segment {
  if (segment.type === 'name') return foldedName(segment.name);
  if (segment.type === 'deep') return segment;
  const parts = segment.parts.map((part): Part => {
    if (part.type === 'text') return { ...part, text: spellOut(foldName(part.text)), folded: true };
    return part.type === 'set' ? { ...part, ranges: part.ranges.flatMap(bothCases) } : part;
  });
  return { ...segment, parts };
}

/** What this very name fits, folded. */
export function foldedName(name: string): Segment & { type: 'name' } {
  return { type: 'name', name: spellOut(foldName(name)), folded: true };
}

const [A, Z, SMALL] = [0x41, 0x5a, 0x20];

/** A range, and the small letters of the capital ones in it. */
function bothCases(range: readonly [number, number]): (readonly [number, number])[] {
  const [first, last] = [Math.max(range[0], A), Math.min(range[1], Z)];
  return first > last ? [range] : [range, [first + SMALL, last + SMALL]];
}
