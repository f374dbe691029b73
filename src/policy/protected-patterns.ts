import { parseGlob, type Segment } from './glob.ts';
import type { ProtectedName } from './protected-name.ts';

/** One pattern of a protected name. `files` are those that are not about folders. */
export interface ProtectedPattern {
  kind: 'paths' | 'files' | 'except';
  segments: readonly Segment[];
  /** As the name has it. */
  text: string;
  name: ProtectedName;
}

export function patternsOf(name: ProtectedName): ProtectedPattern[] {
  const kinds = ['paths', 'files', 'except'] as const;
  return kinds.flatMap((kind) =>
    (name[kind] ?? []).map((text) => ({ kind, segments: segmentsOf(text), text, name })),
  );
}

/** Data of our own, of which a test has read every entry. */
function segmentsOf(text: string): readonly Segment[] {
  const parsed = parseGlob(text);
  if ('problem' in parsed || parsed.length !== 1) throw new Error(`${text} is no pattern`);
  return parsed[0] ?? [];
}
