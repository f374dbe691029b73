import { namesOf } from '../../policy/change-place.ts';
import type { PathPattern } from '../../policy/path-rules.ts';
import { unenforceable } from '../unenforceable.ts';
import { walkKnown } from './known-folder.ts';
import type { Scope } from './scoped-filters.ts';

/* What rules of patterns have in common. */

export function scopeOf({ base }: PathPattern, lifted: readonly string[]): Scope {
  return {
    base,
    lifted,
    left: (pattern, folder) => walkKnown(pattern, namesIn(base, folder)).left,
  };
}

/** Of a folder below the base. */
export function namesIn(base: string, folder: string): string[] {
  return namesOf(folder).slice(namesOf(base).length);
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
