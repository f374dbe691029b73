import { type Host, parseHost } from './host-name.ts';
import type { Source } from './source.ts';

/** One entry of allowedDomains or deniedDomains. */
export interface DomainRule {
  list: 'allowedDomains' | 'deniedDomains';
  /** null matches every host (only deniedDomains has that). */
  host: Host | null;
  /** True for `*.base`: names below the base, never the base itself. */
  subdomains: boolean;
  /** null matches every port. */
  port: number | null;
  source: Source;
}

export type DomainPattern = Pick<DomainRule, 'host' | 'subdomains' | 'port'>;

/** Reads `host`, `*.base`, an address, `[v6]`, each with an optional `:port`, and for the deny
 * list `*`. Returns a sentence that says what is wrong when it is none of these. */
export function parseDomainPattern(
  typed: string,
  list: DomainRule['list'],
): DomainPattern | { problem: string } {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(typed)) return { problem: 'is a URL; give the host alone' };
  if (typed.includes('/')) return { problem: 'has a path or a prefix length; give the host alone' };
  const split = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(typed);
  if (!split) {
    const address = parseHost(typed); // IPv6 without brackets, perhaps with IPv4 in it
    if (address) return { host: address, subdomains: false, port: null };
    return { problem: 'is not a host with an optional port' };
  }
  const [, name = '', portText] = split;
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65535)) return { problem: 'has a port outside 1-65535' };
  return parseHostPattern(name, port, list);
}

function parseHostPattern(
  name: string,
  port: number | null,
  list: DomainRule['list'],
): DomainPattern | { problem: string } {
  if (name === '*' && list === 'deniedDomains') return { host: null, subdomains: false, port };
  if (name === '*') return { problem: 'would allow every host; name the hosts' };
  const subdomains = name.startsWith('*.');
  const host = parseHost(subdomains ? name.slice(2) : name);
  if (!host) return { problem: 'is not a host name or an address' };
  if (subdomains && host.kind !== 'name') return { problem: 'puts a wildcard before an address' };
  if (subdomains && list === 'allowedDomains' && !host.text.includes('.'))
    return { problem: 'would allow a whole top-level domain; name at least two labels' };
  return { host, subdomains, port };
}

/** Whether a rule is about this host and port. */
export function matchesDomain(rule: DomainPattern, host: Host, port: number): boolean {
  if (rule.port !== null && rule.port !== port) return false;
  if (rule.host === null) return true;
  if (rule.subdomains) return host.kind === 'name' && host.text.endsWith(`.${rule.host.text}`);
  return host.kind === rule.host.kind && host.text === rule.host.text;
}
