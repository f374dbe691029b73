import { isIP } from 'node:net';
import { type Host, parseHost } from './host-name.ts';

/** The addresses that begin with the same `prefix` bits; a single one has all of its bits fixed.
 * Numbers and text alone, so that a policy can be printed as JSON. */
export interface AddressBlock {
  /** The first address, in canonical form. */
  text: string;
  /** The same in network byte order: 4 bytes or 16. */
  bytes: readonly number[];
  prefix: number;
}

/** The block of one address. Null for a name. */
export function blockOf(host: Host): AddressBlock | null {
  const bytes = bytesOf(host);
  return bytes && { text: host.text, bytes, prefix: bytes.length * 8 };
}

/** Reads a network and its prefix length (RFC 4632 3.1, RFC 4291 2.3). Only an address in full is
 * a network: 10/8 is 0.0.0.10 to some parsers and 10.0.0.0 to others. */
export function parseBlock(network: string, length: string): AddressBlock | { problem: string } {
  const host = isIP(network) === 0 ? null : parseHost(network);
  const bytes = host && bytesOf(host);
  if (!bytes) return { problem: 'has a path, or a prefix length after what is not a full address' };
  if (isIP(network) === 6 && bytes.length === 4)
    return { problem: 'is a block of IPv4 addresses inside IPv6; write it as IPv4' };
  const most = bytes.length * 8;
  if (!/^\d{1,3}$/.test(length) || Number(length) > most)
    return { problem: `needs a prefix length from 0 to ${most}` };
  const prefix = Number(length);
  const first = bytes.map((byte, at) => byte & maskAt(prefix, at));
  const text = canonicalText(first);
  if (first.every((byte, at) => byte === bytes[at])) return { text, bytes, prefix };
  return { problem: `has bits beyond its prefix; the network is ${text}/${prefix}` };
}

/** Whether the address lies in the block. A name lies in none. */
export function isInBlock({ bytes, prefix }: AddressBlock, host: Host): boolean {
  const address = bytesOf(host);
  if (address?.length !== bytes.length) return false;
  return address.every((byte, at) => (byte & maskAt(prefix, at)) === bytes[at]);
}

/** The block of this length around an address, as a text that is the same for the whole block. */
export function keyOfBlock(bytes: readonly number[], prefix: number): string {
  return `${bytes.map((byte, at) => byte & maskAt(prefix, at)).join('.')}/${prefix}`;
}

/** The bits of the byte at this place that the prefix fixes. */
function maskAt(prefix: number, at: number): number {
  const fixed = Math.min(8, Math.max(0, prefix - at * 8));
  return (0xff << (8 - fixed)) & 0xff;
}

/** An address in network byte order. Null for a name. */
export function bytesOf({ kind, text }: Host): number[] | null {
  if (kind === 'name') return null;
  if (kind === 'ipv4') return text.split('.').map(Number);
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

function canonicalText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  );
  return parseHost(groups.join(':'))?.text ?? '';
}
