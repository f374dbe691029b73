import type { Segment } from './glob.ts';

/** How far a pattern gets along the names of a path. */
export interface Walk {
  /** What is left of it behind the last name, in each way to read it; none of them is empty. */
  left: readonly (readonly Segment[])[];
  /** After how many names it was complete. */
  complete: readonly number[];
}

export function walk<Name>(
  pattern: readonly Segment[],
  names: readonly Name[],
  fits: (segment: Segment, name: Name) => boolean,
): Walk {
  let at = new Set(withoutDeep(pattern, 0));
  const complete: number[] = [];
  names.forEach((name, index) => {
    const next = [...at].flatMap((place) => {
      const segment = pattern[place];
      if (segment?.type === 'deep') return [place];
      return segment && fits(segment, name) ? withoutDeep(pattern, place + 1) : [];
    });
    at = new Set(next.flatMap((place) => withoutDeep(pattern, place)));
    if (at.delete(pattern.length)) complete.push(index + 1);
  });
  /* What is left behind a `**` is left with it, too. */
  const places = [...at].filter(
    (place) => pattern[place - 1]?.type !== 'deep' || !at.has(place - 1),
  );
  return { left: places.map((place) => pattern.slice(place)), complete };
}

/** `**` stands for no folder, too. */
function withoutDeep(pattern: readonly Segment[], place: number): number[] {
  return pattern[place]?.type === 'deep' ? [place, ...withoutDeep(pattern, place + 1)] : [place];
}
