import { SrtError } from '../errors.ts';
import type { ProtectedName } from '../policy/protected-name.ts';
import { PROTECTED_NAMES, protectedNames } from '../policy/protected-names.ts';
import { nearest } from './nearest.ts';
import type { LoadedSettings } from './settings.ts';

/** The names that `filesystem.protect` leaves in force. A list may repeat what is the default, so
 * that settings outlive a change of it. Throws SRT_SETTINGS_INVALID with the place of the entry. */
export function protectedNamesOf(loaded: LoadedSettings): ProtectedName[] {
  const { off = [], on = [] } = loaded.settings.filesystem?.protect ?? {};
  const known = PROTECTED_NAMES.map(({ name }) => name);
  for (const [list, entries] of Object.entries({ off, on })) {
    entries.forEach((typed, index) => {
      const invalid = (problem: string, hint: string) => {
        const where = loaded.locate(['filesystem', 'protect', list, index]);
        const entry = `filesystem.protect.${list} ${JSON.stringify(typed)}`;
        return new SrtError('SRT_SETTINGS_INVALID', `${where}: ${entry} ${problem}`, { hint });
      };
      if (!known.includes(typed)) throw invalid('is no protected name', suggestion(typed, known));
      if (list === 'on' && off.includes(typed))
        throw invalid('is in filesystem.protect.off too', 'leave it in one of them');
    });
  }
  return protectedNames(off, on);
}

function suggestion(typed: string, known: readonly string[]): string {
  const close = nearest(typed, known);
  return close ? `did you mean "${close}"?` : `there are ${known.join(', ')}`;
}
