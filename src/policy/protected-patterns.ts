import { foldSegment } from './fold.ts';
import { parseGlob, type Segment } from './glob.ts';
import type { ProtectedName } from './protected-name.ts';

/** One pattern of a protected name, folded. `files` are those that are not about folders. */
export interface ProtectedPattern {
  kind: 'paths' | 'files' | 'except';
  segments: readonly Segment[];
  /** As the name has it. */
  text: string;
  name: ProtectedName;
}

const known = new WeakMap<ProtectedName, readonly ProtectedPattern[]>();

export function patternsOf(name: ProtectedName): readonly ProtectedPattern[] {
  const found = known.get(name);
  if (found) return found;
  const kinds = ['paths', 'files', 'except'] as const;
  const parsed = kinds.flatMap((kind) =>
    (name[kind] ?? []).map((text) => ({ kind, segments: segmentsOf(text), text, name })),
  );
  known.set(name, parsed);
  return parsed;
}

/** Data of our own, of which a test has read every entry. */
function segmentsOf(text: string): readonly Segment[] {
  const parsed = parseGlob(text);
  if ('problem' in parsed || parsed.length !== 1) throw new Error(`${text} is no pattern`);
  return (parsed[0] ?? []).map(foldSegment);
}
