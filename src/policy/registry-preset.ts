import { distance } from 'fastest-levenshtein';
import { type DomainPattern, formatDomainPattern, parseDomainPattern } from './domain-rule.ts';

/** Package managers whose registry an entry may stand for. */
export const REGISTRY_PRESETS = ['npm', 'pypi', 'cargo', 'go'] as const;

export type RegistryPreset = (typeof REGISTRY_PRESETS)[number];

/** What the user's own client is configured for. srt knows no registry by itself: the host that
 * it would have built in need not be the one that anybody uses. */
export interface RegistryConfiguration {
  /** Each URL with the variable or file that it stands in. */
  urls: readonly { url: string; from: string }[];
  /** The files that were looked for, whether they exist or not. */
  files: readonly string[];
  /** Where a registry could be named, as the end of a sentence. */
  places: string;
}

export type RegistriesOf = (preset: RegistryPreset) => RegistryConfiguration;

/** Reads `@npm` and its like. Null for what is no registry preset; a problem for one that srt does
 * not have, or that has ports. */
export function parseRegistryPreset(
  typed: string,
): { preset: RegistryPreset } | { problem: string } | null {
  const [, name, ports] = /^@([^:]*)(:.*)?$/s.exec(typed) ?? [];
  if (name === undefined || name === 'public') return null;
  const preset = REGISTRY_PRESETS.find((known) => known === name);
  if (preset && ports === undefined) return { preset };
  if (preset) return { problem: 'takes no port: the one of the configured URL counts' };
  const known = ['public', ...REGISTRY_PRESETS];
  const [nearest] = known.sort((one, other) => distance(one, name) - distance(other, name));
  if (nearest && distance(nearest, name) <= 2)
    return { problem: `is no preset; did you mean "@${nearest}"?` };
  return { problem: `is no preset; there are @public, @${REGISTRY_PRESETS.join(', @')}` };
}

/** The hosts and ports of the configured URLs. A URL may hold a password: no message shows it. */
export function registryPatterns({
  urls,
  places,
}: RegistryConfiguration): DomainPattern[] | { problem: string } {
  const patterns = new Map<string, DomainPattern>();
  for (const { url, from } of urls) {
    const pattern = patternOf(url);
    if (pattern === null) return { problem: `needs a URL, and ${from} has something else` };
    if (pattern !== 'local') patterns.set(formatDomainPattern(pattern), pattern);
  }
  if (patterns.size > 0) return [...patterns.values()];
  const local = urls.length > 0 ? 'names only folders of this machine' : 'names no registry';
  return { problem: `stands for nothing here: your configuration ${local}; set ${places}` };
}

/** "local" for a folder, which needs no network. */
function patternOf(url: string): DomainPattern | 'local' | null {
  if (/^(file:|\.{0,2}\/|~\/)/i.test(url)) return 'local';
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') return null;
  const port = parsed.port || (parsed.protocol === 'https:' ? '443' : '80');
  const pattern = parseDomainPattern(`${parsed.hostname}:${port}`, 'allowedDomains');
  const isHost = 'hosts' in pattern && ['name', 'addresses'].includes(pattern.hosts.kind);
  return isHost ? pattern : null;
}
