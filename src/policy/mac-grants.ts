/** What few commands need on macOS, each by name: it opens a way to what is outside of the sandbox. */
export type MacGrant = 'apple-events' | 'keychain' | 'launch-services' | 'local-binding' | 'trust';

/** A Mach service that programs may ask for, or all whose names begin so. */
export interface MachService {
  name: string;
  prefix: boolean;
}

/** Of a policy what only macOS knows. */
export interface MacGrants {
  grants: readonly MacGrant[];
  services: readonly MachService[];
}

export const NO_GRANTS: MacGrants = { grants: [], services: [] };

/** Reads `com.example.service` and `com.example.*`. Returns a sentence that says what is wrong when it
 * is neither. */
export function parseMachService(typed: string): MachService | { problem: string } {
  const [, name = '', star] = /^([\w.-]+?)(\*?)$/.exec(typed) ?? [];
  if (name === '') return { problem: 'is not the name of a Mach service' };
  if (star === '') return { name, prefix: false };
  /* "com.*" would be the keychain, Apple Events and everything else at once. */
  if (name.split('.').filter(Boolean).length < 2)
    return { problem: 'is too wide: name at least two parts before the *' };
  return { name, prefix: true };
}
