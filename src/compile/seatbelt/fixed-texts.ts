/* The reviewed parts of a profile, which are the same in every one. The build puts them into the
 * bundle of whoever imports this: nothing is read at run time, and on Linux nobody does. */
import appleEvents from '../../../profiles/seatbelt/apple-events.sb';
import devices from '../../../profiles/seatbelt/devices.sb';
import keychain from '../../../profiles/seatbelt/keychain.sb';
import launchServices from '../../../profiles/seatbelt/launch-services.sb';
import localBinding from '../../../profiles/seatbelt/local-binding.sb';
import machine from '../../../profiles/seatbelt/machine.sb';
import processes from '../../../profiles/seatbelt/process.sb';
import services from '../../../profiles/seatbelt/services.sb';
import trust from '../../../profiles/seatbelt/trust.sb';
import type { MacGrant } from '../../policy/mac-grants.ts';

export const FIXED = { process: processes, machine, services, devices };

/** Off unless asked for: each opens a way to what is outside of the sandbox. */
export const GRANTS: Readonly<Record<MacGrant, string>> = {
  'apple-events': appleEvents,
  keychain,
  'launch-services': launchServices,
  'local-binding': localBinding,
  trust,
};
