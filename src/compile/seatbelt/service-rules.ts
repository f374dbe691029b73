import type { MachService } from '../../policy/mac-grants.ts';
import { quote } from './quote.ts';
import { rule } from './rule-text.ts';

/** The Mach services that the settings name. */
export function serviceRules(services: readonly MachService[], tag: string): string[] {
  const filters = services.map(
    ({ name, prefix }) => `(${prefix ? 'global-name-prefix' : 'global-name'} ${quote(name)})`,
  );
  const rules = rule('allow', 'mach-lookup', filters, tag);
  return rules.length > 0 ? ['; Services that network.allowMachLookup names.\n', ...rules] : [];
}
