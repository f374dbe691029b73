import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** A host in the one spelling that is matched, resolved and dialled. */
export interface Host {
  kind: 'name' | 'ipv4' | 'ipv6';
  /** Lower case, no trailing dot, IDN as A-labels (RFC 5891), addresses in their canonical form. */
  text: string;
}

/* Everything that some parser somewhere treats as a delimiter is refused before any parser sees
 * it: a name that two of them read differently is the SOCKS5 NUL-byte hole. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const FORBIDDEN = /[\u0000-\u0020\u007f-\u00a0%@/\\?#<>^|"'`{}()*,;=&+!$~\u2028\u2029\ufffd]/;

/** RFC 1035 2.3.4 in text form. */
const MAX_NAME = 253;
const MAX_LABEL = 63;

/** Reads a host as a client may spell it: any case, trailing dot, IDN, IPv4 as 127.1 or
 * 0x7f000001, IPv6 with or without brackets, IPv4 inside IPv6. Null when it is not a host. */
export function parseHost(spelling: string): Host | null {
  if (spelling === '' || spelling.length > 1024 || FORBIDDEN.test(spelling)) return null;
  if (spelling.startsWith('[') !== spelling.endsWith(']')) return null;
  const bare = spelling.startsWith('[') ? spelling.slice(1, -1) : spelling;
  if (bare.includes(':')) return parseIpv6(bare);
  if (bare !== spelling) return null;
  return parseName(bare);
}

function parseName(spelling: string): Host | null {
  const ascii = domainToASCII(spelling.endsWith('.') ? spelling.slice(0, -1) : spelling);
  if (isIPv4(ascii)) return { kind: 'ipv4', text: ascii };
  if (ascii === '' || ascii.length > MAX_NAME) return null;
  const labels = ascii.split('.');
  const wellFormed = labels.every(
    (label) => /^[a-z0-9_-]+$/.test(label) && label.length <= MAX_LABEL,
  );
  /* A last label of digits means an IPv4 address to inet_aton, whatever else it looks like. */
  return wellFormed && !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')
    ? { kind: 'name', text: ascii }
    : null;
}

function parseIpv6(spelling: string): Host | null {
  if (!isIPv6(spelling)) return null;
  const canonical = new URL(`http://[${spelling}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!mapped) return { kind: 'ipv6', text: canonical };
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return { kind: 'ipv4', text: [high >> 8, high & 255, low >> 8, low & 255].join('.') };
}

const local = new BlockList();
local.addSubnet('0.0.0.0', 8, 'ipv4'); // "this host": connects to loopback on Linux
local.addSubnet('127.0.0.0', 8, 'ipv4');
local.addSubnet('169.254.0.0', 16, 'ipv4'); // link-local, and cloud metadata with its credentials
local.addSubnet('224.0.0.0', 3, 'ipv4'); // multicast, reserved, broadcast
local.addAddress('100.100.100.200', 'ipv4'); // Alibaba Cloud metadata
local.addAddress('168.63.129.16', 'ipv4'); // Azure wire server
local.addSubnet('::', 96, 'ipv6'); // unspecified, loopback, IPv4-compatible
local.addSubnet('64:ff9b::', 96, 'ipv6'); // NAT64 of any IPv4 address (RFC 6052)
local.addSubnet('64:ff9b:1::', 48, 'ipv6');
local.addSubnet('2002::', 16, 'ipv6'); // 6to4 of any IPv4 address (RFC 3056)
local.addSubnet('fe80::', 10, 'ipv6');
local.addSubnet('ff00::', 8, 'ipv6');
local.addAddress('fd00:ec2::254', 'ipv6'); // AWS metadata

/** True for an address that a name must not lead to unless a rule allows that very address:
 * this machine, its link, multicast, cloud metadata, and IPv6 forms that embed an IPv4 address. */
export function isLocalAddress(address: string): boolean {
  const host = parseHost(address);
  if (!host || host.kind === 'name') return true;
  return local.check(host.text, host.kind);
}
