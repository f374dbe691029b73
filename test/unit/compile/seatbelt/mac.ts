/* A Mac that never changes, and what is asked of a profile for it: none of it is a real one. */

import type { SeatbeltFacts } from '../../../../src/compile/seatbelt/facts.ts';
import { type CompiledProfile, compileProfile } from '../../../../src/compile/seatbelt/profile.ts';
import type { PathFact } from '../../../../src/host/paths.ts';
import type { MacGrant } from '../../../../src/policy/mac-grants.ts';
import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import type { ProtectedName } from '../../../../src/policy/protected-name.ts';

export const TAG = 'srt-1f2e3d';
export const PORT = 49200;

export const folder = (real: string, ...links: string[]): PathFact => ({
  kind: 'directory',
  real,
  links,
});
export const file = (real: string, ...links: string[]): PathFact => ({ kind: 'file', real, links });
export const missing = (real: string, ...links: string[]): PathFact => ({
  kind: 'missing',
  real,
  links,
});

export const MACHINE = {
  cwd: '/',
  temporary: null,
  userTemporary: null,
  caseInsensitive: true,
};

export interface Given extends Partial<Omit<SeatbeltFacts, 'paths'>> {
  /** Folders in their own place, where nothing else is said. */
  paths?: Readonly<Record<string, PathFact>>;
  grants?: readonly MacGrant[];
  patterns?: readonly PathPattern[];
  protectedNames?: readonly ProtectedName[];
  homes?: readonly string[];
}

export function compileFor(rules: readonly PathRule[], given: Given = {}): CompiledProfile {
  const {
    paths = {},
    grants = [],
    patterns = [],
    protectedNames = [],
    homes = [],
    ...facts
  } = given;
  const known = [...rules.map(({ path }) => path), ...patterns.map(({ base }) => base), ...homes];
  return compileProfile({
    ...{ rules, patterns, protectedNames, homes },
    facts: {
      ...MACHINE,
      ...facts,
      paths: new Map(known.map((path) => [path, paths[path] ?? folder(path)])),
    },
    gatePort: PORT,
    tag: TAG,
    grants,
  });
}
