import { isIP } from 'node:net';
import { type AddressBlock, blockOf, parseBlock } from './address-block.ts';
import { parseHost } from './host-name.ts';
import { formatPorts, type Ports, parsePorts } from './port-ranges.ts';
import type { Source } from './source.ts';

/** Which hosts a rule is about. */
export type HostPattern =
  | { kind: 'name'; name: string }
  /** Names below the base, never the base itself. */
  | { kind: 'below'; base: string }
  /** One address or a block of them. */
  | { kind: 'addresses'; block: AddressBlock }
  /** Every name, as long as it leads to public addresses, and these. */
  | { kind: 'public' }
  | { kind: 'any' };

export interface DomainPattern {
  hosts: HostPattern;
  ports: Ports;
}

/** One entry of a list of the network settings, or one of the entries that a preset stands for. */
export interface DomainRule extends DomainPattern {
  /** deniedResolvedAddresses is about what a name resolves to, the others about what is asked. */
  list: 'allowedDomains' | 'deniedDomains' | 'deniedResolvedAddresses';
  /** What the user wants a refusal by this rule to say. */
  because?: string;
  source: Source;
}

type Problem = { problem: string };

/** Reads a name, `*.base`, `*`, `@public`, an address or a block of them, each with optional
 * ports. Returns a sentence that says what is wrong when it is none of these. */
export function parseDomainPattern(
  typed: string,
  list: DomainRule['list'],
): DomainPattern | Problem {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(typed)) return { problem: 'is a URL; give the host alone' };
  const parts = splitEntry(typed);
  if (!parts) return { problem: 'is not a host with optional ports' };
  const ports = parts.ports === undefined ? null : parsePorts(parts.ports);
  if (ports && 'problem' in ports) return ports;
  const hosts = parseHosts(parts.host, parts.prefix, list);
  if ('problem' in hosts) return hosts;
  if (list !== 'deniedResolvedAddresses') return { hosts, ports };
  if (hosts.kind !== 'addresses') return { problem: 'is not an address or a block of addresses' };
  return ports ? { problem: 'has a port; the address is denied on every one' } : { hosts, ports };
}

interface EntryParts {
  host: string;
  prefix: string | undefined;
  ports: string | undefined;
}

/** IPv6 without brackets has its colons to itself: no port can follow but behind a prefix. */
function splitEntry(typed: string): EntryParts | null {
  if (/:.*:/.test(typed) && isIP(typed) === 6)
    return { host: typed, prefix: undefined, ports: undefined };
  const split =
    /^([0-9a-f:.]*:[0-9a-f:.]*)(?:\/([^:]*))(?::(.*))?$/i.exec(typed) ??
    /^(\[[^\]]*\]|[^:/[\]]*)(?:\/([^:]*))?(?::(.*))?$/.exec(typed);
  return split && { host: split[1] ?? '', prefix: split[2], ports: split[3] };
}

function parseHosts(
  typed: string,
  prefix: string | undefined,
  list: DomainRule['list'],
): HostPattern | Problem {
  if (prefix !== undefined) {
    const block = parseBlock(/^\[(.*:.*)\]$/.exec(typed)?.[1] ?? typed, prefix);
    return 'problem' in block ? block : { kind: 'addresses', block };
  }
  if (typed === '*') return { kind: list === 'allowedDomains' ? 'public' : 'any' };
  if (typed === '@public') {
    if (list === 'allowedDomains') return { kind: 'public' };
    return { problem: 'is for allowedDomains alone; * denies every host' };
  }
  if (typed.startsWith('*.')) return parseBelow(typed.slice(2), list);
  if (/\*/.test(typed)) return { problem: 'has a * that is not its whole first label' };
  const host = parseHost(typed);
  if (!host) return { problem: 'is not a host name or an address' };
  const block = blockOf(host);
  return block ? { kind: 'addresses', block } : { kind: 'name', name: host.text };
}

function parseBelow(typed: string, list: DomainRule['list']): HostPattern | Problem {
  if (/\*/.test(typed)) return { problem: 'has a * that is not its whole first label' };
  const host = parseHost(typed);
  if (!host) return { problem: 'is not a host name or an address' };
  if (host.kind !== 'name') return { problem: 'puts a wildcard before an address' };
  if (list === 'allowedDomains' && !host.text.includes('.'))
    return { problem: 'would allow a whole top-level domain; name at least two labels' };
  return { kind: 'below', base: host.text };
}

/** The pattern as parseDomainPattern reads it, in the canonical form that is matched. */
export function formatDomainPattern({ hosts, ports }: DomainPattern): string {
  return formatHosts(hosts) + (ports ? `:${formatPorts(ports)}` : '');
}

function formatHosts(hosts: HostPattern): string {
  switch (hosts.kind) {
    case 'name':
      return hosts.name;
    case 'below':
      return `*.${hosts.base}`;
    case 'public':
      return '@public';
    case 'any':
      return '*';
    case 'addresses': {
      const { text, bytes, prefix } = hosts.block;
      const address = bytes.length === 16 ? `[${text}]` : text;
      return prefix === bytes.length * 8 ? address : `${address}/${prefix}`;
    }
  }
}
