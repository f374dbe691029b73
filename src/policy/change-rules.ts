import type { Access, PathPattern } from './path-rules.ts';
import type { ProtectedName } from './protected-name.ts';
import type { Source } from './source.ts';

/** A path at which rules by path change what may be done. Absolute, without symbolic links. */
export interface ChangePoint {
  path: string;
  /** `as-around`: shown again inside of what cannot be read; whether it may be changed is said by
   * the roots and patterns around that. */
  access: Access | 'as-around';
  source: Source;
}

/** Whether something can be changed there. */
export function isOpen({ access }: ChangePoint): boolean {
  return access === 'read-write' || access === 'as-around';
}

/** One of allowWrite or denyWrite; `base` is without symbolic links. */
export type ChangePattern = PathPattern & {
  list: 'allowWrite' | 'denyWrite';
  /** Whether names are meant in any case: what takes `.ENV` for `.env` lies there. */
  folded: boolean;
};

/** What may be changed by name, whether it exists or not. A write root is a point that is
 * read-write; nothing is said here of what lies in none, which mounts decide. */
export interface ChangeRules {
  points: readonly ChangePoint[];
  patterns: readonly ChangePattern[];
  protectedNames: readonly ProtectedName[];
  /** Of what is told when it is changed, as long as nothing refuses it. */
  handedOver: readonly ProtectedName[];
  /** Where the protected names of the home folder count from, without symbolic links. */
  homes: readonly string[];
}

/** Folders of code that others wrote and host programs run anyway: names that only editors and
 * agents look for in a project's own folders mean nothing there. */
export const DEPENDENCY_FOLDERS: readonly string[] = ['node_modules'];
