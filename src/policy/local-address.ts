import { BlockList } from 'node:net';
import { parseHost } from './host-name.ts';

const local = new BlockList();
local.addSubnet('0.0.0.0', 8, 'ipv4'); // "this host": connects to loopback on Linux
local.addSubnet('127.0.0.0', 8, 'ipv4');
local.addSubnet('169.254.0.0', 16, 'ipv4'); // link-local, and cloud metadata with its credentials
local.addSubnet('224.0.0.0', 3, 'ipv4'); // multicast, reserved, broadcast
local.addAddress('100.100.100.200', 'ipv4'); // Alibaba Cloud metadata
local.addAddress('192.0.0.192', 'ipv4'); // Oracle Cloud metadata
local.addAddress('168.63.129.16', 'ipv4'); // Azure wire server
local.addSubnet('::', 96, 'ipv6'); // unspecified, loopback, IPv4-compatible
local.addSubnet('64:ff9b::', 96, 'ipv6'); // NAT64 of any IPv4 address (RFC 6052)
local.addSubnet('64:ff9b:1::', 48, 'ipv6');
local.addSubnet('2002::', 16, 'ipv6'); // 6to4 of any IPv4 address (RFC 3056)
local.addSubnet('fe80::', 10, 'ipv6');
local.addSubnet('ff00::', 8, 'ipv6');
for (const metadata of [
  'fd00:ec2::254', // AWS
  'fd00:ec2::23', // AWS EKS
  'fd20:ce::254', // Google Cloud
  'fd00:42::42', // Scaleway
  'fd00:c1::a9fe:a9fe', // Oracle Cloud
  'fd00:a9fe:a9fe::1', // Linode
])
  local.addAddress(metadata, 'ipv6');

/** True for an address that a name must not lead to unless a rule allows that very address:
 * this machine, its link, multicast, cloud metadata, and IPv6 forms that embed an IPv4 address. */
export function isLocalAddress(address: string): boolean {
  const host = parseHost(address);
  if (!host || host.kind === 'name') return true;
  return local.check(host.text, host.kind);
}
