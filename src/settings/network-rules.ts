import { SrtError } from '../errors.ts';
import { type DomainPattern, type DomainRule, parseDomainPattern } from '../policy/domain-rule.ts';
import {
  parseRegistryPreset,
  type RegistriesOf,
  type RegistryPreset,
  registryPatterns,
} from '../policy/registry-preset.ts';
import type { DomainEntry, LoadedSettings } from './settings.ts';

const LISTS = ['deniedDomains', 'deniedResolvedAddresses', 'allowedDomains'] as const;

interface NetworkRules {
  domains: DomainRule[];
  /** Files that say what a preset stands for. */
  files: string[];
}

const hostOf = (entry: DomainEntry) => (typeof entry === 'string' ? entry : entry.host);

/** True when the settings have an entry that only the configuration of package managers explains:
 * reading it takes time that no other start should spend. */
export function usesRegistries({ settings }: LoadedSettings): boolean {
  return LISTS.some((list) =>
    settings.network?.[list]?.some((entry) => /^@(?!public(:|$))/.test(hostOf(entry))),
  );
}

/** The rules of the network's lists. Throws SRT_SETTINGS_INVALID with the place of the entry. */
export function networkRules(
  loaded: LoadedSettings,
  registries: RegistriesOf | undefined,
): NetworkRules {
  const rules: NetworkRules = { domains: [], files: [] };
  for (const list of LISTS)
    for (const [index, entry] of (loaded.settings.network?.[list] ?? []).entries()) {
      const typed = hostOf(entry);
      const where = loaded.locate(['network', list, index]);
      const invalid = ({ problem }: { problem: string }) =>
        new SrtError('SRT_SETTINGS_INVALID', `${where}: ${JSON.stringify(typed)} ${problem}`);
      const preset = parseRegistryPreset(typed);
      if (preset && 'problem' in preset) throw invalid(preset);
      const meaning = preset
        ? patternsOf(preset.preset, list, registries, rules.files)
        : parseDomainPattern(typed, list);
      if ('problem' in meaning) throw invalid(meaning);
      const source = { setting: `network.${list}`, typed, where };
      for (const pattern of [meaning].flat())
        rules.domains.push({ list, ...pattern, ...explanation(entry), source });
    }
  return rules;
}

function patternsOf(
  preset: RegistryPreset,
  list: DomainRule['list'],
  registries: RegistriesOf | undefined,
  files: string[],
): DomainPattern[] | { problem: string } {
  if (list === 'deniedResolvedAddresses')
    return { problem: 'is not an address or a block of addresses' };
  if (!registries) return { problem: 'is not available: toPolicy was given no registries' };
  const configuration = registries(preset);
  files.push(...configuration.files);
  return registryPatterns(configuration);
}

/** One line without control characters: it is sent to programs and shown in terminals. */
function explanation(entry: DomainEntry): { because?: string } {
  const reason = typeof entry === 'string' ? undefined : entry.reason;
  const clean = reason?.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return clean ? { because: clean } : {};
}
