import { isIP, isIPv4 } from 'node:net';
import type { GateProtocol, SandboxEvent } from '../events.ts';
import type { DomainRule } from '../policy/domain-rule.ts';
import { isLocalAddress } from '../policy/local-address.ts';
import type { Refusal } from '../policy/network-decision.ts';
import type { Policy } from '../policy/policy.ts';
import { describeSource } from '../policy/source.ts';

/** The event about a refusal. `by` is who asked, where that is known. */
export function refusedEvent(
  protocol: GateProtocol,
  { host, port, reason, rule }: Refusal,
  by?: { pid: number; command: string },
): SandboxEvent {
  const because = rule?.because;
  const said = reason === 'denied-by-rule' && because !== undefined ? { because } : {};
  const typed = rule?.source.typed ?? null;
  return { type: 'refused', protocol, host, port, reason, rule: typed, process: by, ...said };
}

/** The header by which clients of the existing srt recognise a refusal. */
export const REFUSAL_HEADER = ['x-proxy-error', 'blocked-by-allowlist'] as const;

/** What the program inside, and through it a person or a model, reads about a refusal: the
 * host, the rule, and the line of the settings that would allow it. */
export function explainRefusal(refusal: Refusal, policy: Policy): string {
  const { reason, rule } = refusal;
  const host = refusal.host.includes(':') ? `[${refusal.host}]` : refusal.host;
  const where = `${JSON.stringify(host)} (port ${refusal.port})`;
  switch (reason) {
    case 'malformed-host':
      return `srt refused ${JSON.stringify(refusal.host)}: it is not a host name or an address.\n`;
    case 'malformed-port':
      return `srt refused ${where}: the port is not between 1 and 65535.\n`;
    case 'denied-by-rule':
      return `srt refused ${where}: ${describeDenial(refusal)}`;
    case 'local-address':
      return (
        `srt refused ${where}: ${rule ? describeSource(rule.source) : 'a rule'} allows it, ` +
        `but it leads to ${describeTarget(rule)}.\n` +
        'To allow it, list that address itself in network.allowedDomains.\n'
      );
    case 'not-allowed':
      return (
        `srt refused ${where}: no entry of network.allowedDomains allows it.\n` +
        `To allow it, add this to ${policy.settingsFile}:\n` +
        `  "network": { "allowedDomains": [${JSON.stringify(entryFor(refusal))}] }\n`
      );
  }
}

function describeDenial({ rule, host }: Refusal): string {
  const named = rule ? describeSource(rule.source) : 'a rule';
  const isResolved = rule?.hosts.kind === 'addresses' && isIP(host) === 0;
  const denial = `${named} denies ${isResolved ? 'the address that it leads to' : 'it'}.\n`;
  return rule?.because === undefined ? denial : `${denial}Reason: ${rule.because}\n`;
}

/** An entry for everything is about the internet; one for a host also about a private network. */
function describeTarget(rule: DomainRule | null): string {
  return rule?.hosts.kind === 'public'
    ? 'an address that is not public, or is of this machine'
    : 'an address of this machine or its link';
}

/** The narrowest entry that would do. An address of this machine is as many services as it has
 * ports, so there the port belongs to it. */
function entryFor({ host, port }: Refusal): string {
  if (host.includes(':')) return `[${host}]:${port}`;
  return host === 'localhost' || (isIPv4(host) && isLocalAddress(host)) ? `${host}:${port}` : host;
}
