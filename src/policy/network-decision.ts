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

/** Judges the addresses that an allowed name resolved to. One that leads to this machine (`own`
 * are the addresses of its interfaces), its link or cloud metadata stays only if a rule allows
 * that address itself; `localhost` is such a rule for loopback (RFC 6761 6.3). */
export function judgeAddresses(
  rules: readonly DomainRule[],
  { host, port }: Permission,
  addresses: readonly string[],
  own: readonly string[] = [],
): string[] {
  if (host.kind !== 'name') return [host.text];
  return addresses.filter((address) => {
    const literal = parseHost(address);
    if (!literal) return false;
    const verdict = decideDestination(rules, address, port);
    if (!verdict.allowed && verdict.reason === 'denied-by-rule') return false;
    const here =
      isLocalAddress(address) || own.some((one) => parseHost(one)?.text === literal.text);
    if (verdict.allowed || !here) return true;
    const loopback = literal.text.startsWith('127.') || literal.text === '::1';
    return loopback && (host.text === 'localhost' || host.text.endsWith('.localhost'));
  });
}
