/** The addresses that stand for names inside the sandbox, by their number.
 *
 * IPv4: 198.18.0.0/15, set aside for benchmarks of devices (RFC 2544, RFC 6890), so no public host
 * has one. IPv6: fd73:7274::/96, of the ULA prefix whose "random" part spells "srt" (RFC 4193), the
 * same number in the low bits. Neither ever leaves the sandbox as an address. */
const FIRST_IPV4 = 0xc612_0000;
const COUNT = 0x2_0000;

/** Numbers that may be given away: not the ends of the range, which look like a network and a
 * broadcast address, and not the very first host, which is often taken for a gateway. */
export const FIRST_NUMBER = 2;
export const LAST_NUMBER = COUNT - 2;

export interface SyntheticAddress {
  ipv4: string;
  ipv6: string;
}

/** Both in the form in which parseHost returns them. */
export function syntheticAddress(number: number): SyntheticAddress {
  const bits = FIRST_IPV4 + number;
  const octets = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255];
  const high = number >>> 16 === 0 ? '' : `${(number >>> 16).toString(16)}:`;
  return { ipv4: octets.join('.'), ipv6: `fd73:7274::${high}${(number & 0xffff).toString(16)}` };
}

/** The number of a canonical address; null when it is none of these. It is for IPv6 above what is
 * ever given away where an asker made the address up. */
export function syntheticNumber(address: string): number | null {
  const ipv4 = /^198\.(18|19)\.(\d+)\.(\d+)$/.exec(address);
  if (ipv4) return (Number(ipv4[1]) - 18) * 0x1_0000 + Number(ipv4[2]) * 256 + Number(ipv4[3]);
  const ipv6 = /^fd73:7274::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})?$/.exec(address);
  if (!ipv6) return null;
  const [, high = '0', low = '0'] = ipv6;
  return Number.parseInt(high, 16) * 0x1_0000 + Number.parseInt(low, 16);
}
