import { SrtError } from '../errors.ts';
import type { RegistriesOf } from '../policy/registry-preset.ts';

/** What presets such as @npm stand for, as it was at the start. The files that say so are protected
 * from then on; those of a preset that comes later may be the command's own by then. */
export function readOnce(read: RegistriesOf): RegistriesOf & { close(): void } {
  const known = new Map<string, ReturnType<RegistriesOf>>();
  let closed = false;
  const registries: RegistriesOf = (preset) => {
    const found = known.get(preset);
    if (found) return found;
    if (closed) {
      const problem = `@${preset} was not in the settings when the command started`;
      throw new SrtError('SRT_SETTINGS_INVALID', problem);
    }
    const configuration = read(preset);
    known.set(preset, configuration);
    return configuration;
  };
  const close = () => {
    closed = true;
  };
  return Object.assign(registries, { close });
}
