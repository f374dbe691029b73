import { parseHost } from '../../policy/host-name.ts';

/** The address that a name below in-addr.arpa or ip6.arpa is about (RFC 1035 3.5, RFC 3596 2.5),
 * canonical as parseHost gives it. `null`: not a reverse name. `zone`: a reverse name, but of no
 * single address. */
export function addressOfReverseName(name: string): string | 'zone' | null {
  const lower = name.toLowerCase();
  const zone = /(?:^|\.)(in-addr|ip6)\.arpa$/.exec(lower);
  if (!zone) return null;
  const labels = lower.slice(0, zone.index).split('.').reverse();
  return (zone[1] === 'ip6' ? ipv6(labels) : ipv4(labels)) ?? 'zone';
}

function ipv4(labels: readonly string[]): string | null {
  const octets = labels.every((label) => /^(?:0|[1-9]\d{0,2})$/.test(label) && Number(label) < 256);
  return octets && labels.length === 4 ? labels.join('.') : null;
}

function ipv6(labels: readonly string[]): string | null {
  if (labels.length !== 32 || !labels.every((label) => /^[0-9a-f]$/.test(label))) return null;
  const groups = labels.join('').match(/.{4}/g) ?? [];
  return parseHost(groups.join(':'))?.text ?? null;
}
