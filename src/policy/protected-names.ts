import type { ProtectedName } from './protected-name.ts';
import { AGENTS } from './protected-names/agents.ts';
import { EDITOR_AGENTS } from './protected-names/editor-agents.ts';
import { HOME_EDITORS } from './protected-names/home-editors.ts';
import { HOME_PROGRAMS } from './protected-names/home-programs.ts';
import { HOME_SESSION } from './protected-names/home-session.ts';
import { HOME_SHELLS } from './protected-names/home-shells.ts';
import { PROJECTS } from './protected-names/projects.ts';
import { TERMINAL_AGENTS } from './protected-names/terminal-agents.ts';
import { VERSION_CONTROL } from './protected-names/version-control.ts';

/** All of them, those of any folder first, in the order of the table in docs/settings.md. */
export const PROTECTED_NAMES: readonly ProtectedName[] = [
  ...VERSION_CONTROL,
  ...PROJECTS,
  ...AGENTS,
  ...TERMINAL_AGENTS,
  ...EDITOR_AGENTS,
  ...HOME_SHELLS,
  ...HOME_SESSION,
  ...HOME_PROGRAMS,
  ...HOME_EDITORS,
];

/** Those in force where `filesystem.protect` has these lists. */
export function protectedNames(off: readonly string[], on: readonly string[]): ProtectedName[] {
  return PROTECTED_NAMES.filter(({ name, optional }) =>
    optional ? on.includes(name) : !off.includes(name),
  );
}
