import { namesOf } from '../../policy/change-place.ts';
import { foldName, foldSegment } from '../../policy/fold.ts';
import { walk } from '../../policy/glob-walk.ts';
import type { PathPattern } from '../../policy/path-rules.ts';
import { unenforceable } from '../unenforceable.ts';
import type { Pattern, Scope } from './scoped-filters.ts';

/* What rules of patterns have in common. */

export function folded({ rest }: PathPattern): Pattern {
  return rest.map(foldSegment);
}

export function scopeOf({ base }: PathPattern, lifted: readonly string[]): Scope {
  const names = (folder: string) => namesOf(folder).slice(namesOf(base).length).map(foldName);
  return { base, lifted, left: (pattern, folder) => walk(pattern, names(folder)).left };
}

export function refuseLength(pattern: PathPattern): never {
  throw tooLong(pattern);
}

export function tooLong(pattern: PathPattern) {
  return unenforceable(
    pattern,
    'is too long for a rule of macOS',
    'name a folder that is less deep, or write fewer letters and more *',
  );
}
