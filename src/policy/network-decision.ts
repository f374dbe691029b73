import { rulesNear } from './domain-index.ts';
import { matchesDomain, matchesHost } from './domain-match.ts';
import type { DomainRule } from './domain-rule.ts';
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

export type NameDecision = { allowed: true; host: Host } | Omit<Refusal, 'port'>;

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
  const denied = findRule(rules, 'deniedDomains', host, port);
  if (denied) return refuse('denied-by-rule', denied);
  const rule = findRule(rules, 'allowedDomains', host, port);
  return rule ? { allowed: true, host, port, rule } : refuse('not-allowed', null);
}

/** Whether a name may be resolved: some port of it is allowed. Addresses are no names. */
export function decideName(rules: readonly DomainRule[], spelling: string): NameDecision {
  const name = parseHost(spelling);
  const about = { allowed: false, host: name?.text ?? spelling } as const;
  if (name?.kind !== 'name') return { ...about, reason: 'malformed-host', rule: null };
  /* If any port is allowed then so is the lowest of its stretch: where an allow begins, or right
   * behind a deny. */
  const ports = [
    ...rangesOf(rules, 'allowedDomains', name).map(({ first }) => first),
    ...rangesOf(rules, 'deniedDomains', name).map(({ last }) => last + 1),
  ];
  const verdicts = [...ports, 1].map((port) => decideDestination(rules, name.text, port));
  if (verdicts.some(({ allowed }) => allowed)) return { allowed: true, host: name };
  const denied = verdicts.find((one) => !one.allowed && one.reason === 'denied-by-rule');
  if (denied) return { ...about, reason: 'denied-by-rule', rule: denied.rule };
  return { ...about, reason: 'not-allowed', rule: null };
}

/** Judges the addresses that an allowed name resolved to; what is left may be dialled. One that
 * leads to this machine (`own` are the canonical addresses of its
 * interfaces), its link or cloud metadata
 * stays only if a rule allows that address itself; `localhost` is such a rule for loopback
 * (RFC 6761 6.3). An address that was asked for as such is judged in the same way. */
export function judgeAddresses(
  rules: readonly DomainRule[],
  permission: Permission,
  addresses: readonly string[],
  own: readonly string[] = [],
): string[] {
  const { host } = permission;
  const found = host.kind === 'name' ? addresses : [host.text];
  return found.filter((address) => {
    const parsed = parseHost(address);
    if (!parsed || parsed.kind === 'name' || findDeny(rules, permission, parsed)) return false;
    return mayBeLedTo(rules, permission, parsed, own);
  });
}

/** The refusal of a name none of whose addresses was left. */
export function refuseAddresses(
  rules: readonly DomainRule[],
  permission: Permission,
  addresses: readonly string[],
): Refusal {
  const { host, port, rule } = permission;
  const about = { allowed: false, host: host.text, port } as const;
  for (const address of host.kind === 'name' ? addresses : [host.text]) {
    const parsed = parseHost(address);
    const denied = parsed && findDeny(rules, permission, parsed);
    if (denied) return { ...about, reason: 'denied-by-rule', rule: denied };
  }
  return { ...about, reason: 'local-address', rule };
}

function findRule(
  rules: readonly DomainRule[],
  list: DomainRule['list'],
  host: Host,
  port: number,
): DomainRule | undefined {
  return rulesNear(rules, list, host).find((rule) => matchesDomain(rule, host, port));
}

function rangesOf(rules: readonly DomainRule[], list: DomainRule['list'], host: Host) {
  return rulesNear(rules, list, host)
    .filter((rule) => matchesHost(rule, host))
    .flatMap(({ ports }) => ports ?? [{ first: 1, last: 65535 }]);
}

function findDeny(
  rules: readonly DomainRule[],
  { host, port }: Permission,
  address: Host,
): DomainRule | undefined {
  const denied = findRule(rules, 'deniedDomains', address, port);
  if (denied || host.kind !== 'name') return denied;
  return findRule(rules, 'deniedResolvedAddresses', address, port);
}

/** Whether a permission extends to an address that nothing denies. */
function mayBeLedTo(
  rules: readonly DomainRule[],
  { host, port, rule }: Permission,
  address: Host,
  own: readonly string[],
): boolean {
  const listed = findRule(rules, 'allowedDomains', address, port)?.hosts;
  if (listed?.kind === 'addresses' && listed.block.bytes.length * 8 === listed.block.prefix)
    return true;
  const isLocal = isLocalAddress(address.text);
  /* This machine's services that listen on every interface answer there as on loopback. */
  if (!isLocal && own.includes(address.text)) return false;
  if (listed) return true;
  if (rule.hosts.kind === 'public' || host.kind !== 'name') return false;
  const isLoopback = address.text.startsWith('127.') || address.text === '::1';
  return !isLocal || (isLoopback && /(^|\.)localhost$/.test(host.text));
}
