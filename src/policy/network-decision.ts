import { type DomainRule, matchesDomain } from './domain-rule.ts';
import { type Host, parseHost } from './host-name.ts';
import { isLocalAddress } from './local-address.ts';

export type RefusalReason =
  | 'malformed-host'
  | 'malformed-port'
  | 'denied-by-rule'
  | 'not-allowed'
  | 'local-address';

export interface Refusal {
  allowed: false;
  reason: RefusalReason;
  /** The host in canonical form, or as the client sent it when it has none. */
  host: string;
  port: number;
  rule: DomainRule | null;
}

export interface Permission {
  allowed: true;
  host: Host;
  port: number;
  rule: DomainRule;
}

export type NetworkDecision = Permission | Refusal;

/** The one decision about a destination: every protocol of the gate asks here. Deny wins, and
 * what no rule allows is refused, so that an empty list means no network. */
export function decideDestination(
  rules: readonly DomainRule[],
  spelling: string,
  port: number,
): NetworkDecision {
  const host = parseHost(spelling);
  if (!host) return { allowed: false, reason: 'malformed-host', host: spelling, port, rule: null };
  const refuse = (reason: RefusalReason, rule: DomainRule | null): Refusal => ({
    allowed: false,
    reason,
    host: host.text,
    port,
    rule,
  });
  if (!Number.isInteger(port) || port < 1 || port > 65535) return refuse('malformed-port', null);
  const find = (list: DomainRule['list']) =>
    rules.find((rule) => rule.list === list && matchesDomain(rule, host, port));
  const denied = find('deniedDomains');
  if (denied) return refuse('denied-by-rule', denied);
  const rule = find('allowedDomains');
  return rule ? { allowed: true, host, port, rule } : refuse('not-allowed', null);
}

/** Judges the addresses that an allowed name resolved to; what is left may be dialled. One that
 * leads to this machine (`own` are the addresses of its interfaces), its link or cloud metadata
 * stays only if a rule allows that address itself; `localhost` is such a rule for loopback
 * (RFC 6761 6.3). */
export function judgeAddresses(
  rules: readonly DomainRule[],
  { host, port }: Permission,
  addresses: readonly string[],
  own: readonly string[] = [],
): string[] {
  if (host.kind !== 'name') return [host.text];
  return addresses.filter((address) => {
    const verdict = decideDestination(rules, address, port);
    if (verdict.allowed) return true;
    return verdict.reason === 'not-allowed' && mayBeLedTo(host, verdict.host, own);
  });
}

/** The refusal of a name none of whose addresses was left. */
export function refuseAddresses(
  rules: readonly DomainRule[],
  { host, port, rule }: Permission,
  addresses: readonly string[],
): Refusal {
  const about = { allowed: false, host: host.text, port } as const;
  for (const address of addresses) {
    const verdict = decideDestination(rules, address, port);
    if (!verdict.allowed && verdict.reason === 'denied-by-rule') return { ...verdict, ...about };
  }
  return { ...about, reason: 'local-address', rule };
}

/** Whether a name may resolve to an address that no rule mentions. */
function mayBeLedTo(name: Host, address: string, own: readonly string[]): boolean {
  const here = isLocalAddress(address) || own.some((one) => parseHost(one)?.text === address);
  const loopback = address.startsWith('127.') || address === '::1';
  return !here || (loopback && (name.text === 'localhost' || name.text.endsWith('.localhost')));
}
