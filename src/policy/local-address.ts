import { type AddressBlock, isInBlock, parseBlock } from './address-block.ts';
import { type Host, parseHost } from './host-name.ts';

/* Where no name may lead unless a rule is about that very address: this machine, its link, what
 * is not one machine, cloud metadata with its credentials, and IPv6 forms that embed an IPv4
 * address, which some router on the way may unpack. */
const LOCAL = [
  '0.0.0.0/8', // "this host": connects to loopback on Linux
  '127.0.0.0/8',
  '169.254.0.0/16',
  '169.254.169.254/32', // metadata of most clouds
  '169.254.170.2/32', // AWS container credentials
  '169.254.170.23/32', // AWS pod identity
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
  '100.100.100.200/32', // Alibaba Cloud metadata
  '192.0.0.192/32', // Oracle Cloud metadata
  '168.63.129.16/32', // Azure wire server
  '::/96', // unspecified, loopback, IPv4-compatible (RFC 4291 2.5.5.1)
  '::ffff:0:0:0/96', // IPv4-translated (RFC 2765)
  '64:ff9b::/96', // NAT64 (RFC 6052)
  '64:ff9b:1::/48', // NAT64 within one site (RFC 8215)
  '2001::/32', // Teredo (RFC 4380)
  '2002::/16', // 6to4 (RFC 3056)
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254/128', // AWS metadata
  'fd00:ec2::23/128', // AWS pod identity
  'fd20:ce::254/128', // Google Cloud metadata
  'fd00:42::42/128', // Scaleway metadata
  'fd00:c1::a9fe:a9fe/128', // Oracle Cloud metadata
  'fd00:a9fe:a9fe::1/128', // Linode metadata
];

/* Addresses that are nobody's on the internet (RFC 6890 and the IANA registries): a name may lead
 * there if a rule is about that name. */
const INTERNAL = [
  '10.0.0.0/8', // private (RFC 1918)
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10', // carrier-grade NAT (RFC 6598)
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation (RFC 5737)
  '198.51.100.0/24',
  '203.0.113.0/24',
  '192.88.99.0/24', // 6to4 relays (RFC 7526)
  '198.18.0.0/15', // benchmarks (RFC 2544), and the names that srt itself makes up addresses for
  '::/3', // all but 2000::/3 is unassigned, private (fc00::/7) or local
  '4000::/2',
  '8000::/1',
  'fc00::/7', // private (RFC 4193)
  '2001::/23', // protocol assignments
  '2001:db8::/32', // documentation (RFC 3849)
  '3fff::/20', // documentation (RFC 9637)
];

interface Ranges {
  local: AddressBlock[];
  internal: AddressBlock[];
}

/* Read at the first question: most starts of srt ask none. */
let ranges: Ranges | null = null;

function specialRanges(): Ranges {
  const read = (text: string): AddressBlock => {
    const block = parseBlock(...(text.split('/') as [string, string]));
    if ('problem' in block) throw new Error(`${text} ${block.problem}`);
    return block;
  };
  ranges ??= { local: LOCAL.map(read), internal: INTERNAL.map(read) };
  return ranges;
}

const isInAny = (blocks: readonly AddressBlock[], host: Host) =>
  blocks.some((block) => isInBlock(block, host));

/** True for an address that a name must not lead to unless a rule is about that very address, and
 * for what is no address. */
export function isLocalAddress(address: string): boolean {
  const host = parseHost(address);
  return !host || host.kind === 'name' || isInAny(specialRanges().local, host);
}

/** True for an address of the internet at large: not local, not private, not reserved. */
export function isPublicAddress(host: Host): boolean {
  if (host.kind === 'name') return false;
  const { local, internal } = specialRanges();
  return !isInAny(local, host) && !isInAny(internal, host);
}

/** Whether a rule that allows the block means this address of it. A block leaves out every range
 * that is not public unless it lies within it: 0.0.0.0/0 is the internet, not this machine, and
 * 169.254.0.0/16 the link, not the cloud's credentials. */
export function isMeantByBlock(block: AddressBlock, host: Host): boolean {
  const { local, internal } = specialRanges();
  return (
    isInBlock(block, host) &&
    ![...local, ...internal].some((one) => one.prefix > block.prefix && isInBlock(one, host))
  );
}
