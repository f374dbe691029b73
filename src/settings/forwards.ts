import { SrtError } from '../errors.ts';
import { type Forward, parseForward } from '../policy/forward.ts';
import type { LoadedSettings } from './settings.ts';

/** The entries of network.forward. Two to one port would leave one of them without. Throws
 * SRT_SETTINGS_INVALID with the place of the entry. */
export function forwards(loaded: LoadedSettings): Forward[] {
  const taken = new Set<string>();
  return (loaded.settings.network?.forward ?? []).map((typed, index) => {
    const where = loaded.locate(['network', 'forward', index]);
    const parsed = parseForward(typed);
    const listens =
      'problem' in parsed
        ? ''
        : `${parsed.direction} ${parsed.direction === 'to-host' ? parsed.sandboxPort : parsed.hostPort}`;
    const problem =
      'problem' in parsed ? parsed.problem : taken.has(listens) && 'uses a port twice';
    if ('problem' in parsed || problem)
      throw new SrtError(
        'SRT_SETTINGS_INVALID',
        `${where}: network.forward ${JSON.stringify(typed)} ${problem}`,
      );
    taken.add(listens);
    return { ...parsed, source: { setting: 'network.forward', typed, where } };
  });
}
