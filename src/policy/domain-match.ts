import { isInBlock } from './address-block.ts';
import type { DomainRule } from './domain-rule.ts';
import { embeddedAddresses } from './embedded-address.ts';
import type { Host } from './host-name.ts';
import { isMeantByBlock, isPublicAddress } from './local-address.ts';
import { coversPort } from './port-ranges.ts';

/** Whether a rule is about this host and port. */
export function matchesDomain(rule: DomainRule, host: Host, port: number): boolean {
  return coversPort(rule.ports, port) && matchesHost(rule, host);
}

/** Whether a rule is about this host on some port. */
export function matchesHost({ hosts, list }: DomainRule, host: Host): boolean {
  switch (hosts.kind) {
    case 'name':
      return host.kind === 'name' && host.text === hosts.name;
    case 'below':
      return host.kind === 'name' && host.text.endsWith(`.${hosts.base}`);
    case 'addresses':
      if (list === 'allowedDomains') return isMeantByBlock(hosts.block, host);
      /* A deny also holds where IPv6 is only another way to write the address. */
      return [host, ...embeddedAddresses(host)].some((one) => isInBlock(hosts.block, one));
    case 'public':
      return host.kind === 'name' || isPublicAddress(host);
    case 'any':
      return true;
  }
}
