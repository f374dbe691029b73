import { SrtError } from '../errors.ts';
import { type MacGrant, type MacGrants, parseMachService } from '../policy/mac-grants.ts';
import type { LoadedSettings, Settings } from './settings.ts';

/* The names of @anthropic-ai/sandbox-runtime where it has one for the same. */
const GRANTS: readonly (readonly [asks: (settings: Settings) => unknown, grants: MacGrant[]])[] = [
  [({ allowAppleEvents }) => allowAppleEvents, ['apple-events', 'launch-services']],
  [({ allowKeychain }) => allowKeychain, ['keychain']],
  [({ enableWeakerNetworkIsolation }) => enableWeakerNetworkIsolation, ['trust']],
  [({ network }) => network?.allowLocalBinding, ['local-binding']],
];

/** What the settings open on macOS. Throws SRT_SETTINGS_INVALID with the place of the entry. */
export function macGrants(loaded: LoadedSettings): MacGrants {
  const { settings } = loaded;
  const services = (settings.network?.allowMachLookup ?? []).map((typed, index) => {
    const service = parseMachService(typed);
    if (!('problem' in service)) return service;
    const where = loaded.locate(['network', 'allowMachLookup', index]);
    const problem = `${where}: ${JSON.stringify(typed)} ${service.problem}`;
    throw new SrtError('SRT_SETTINGS_INVALID', problem);
  });
  return {
    grants: GRANTS.flatMap(([asks, grants]) => (asks(settings) === true ? grants : [])),
    services,
  };
}
