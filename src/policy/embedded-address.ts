import { type AddressBlock, bytesOf, isInBlock, parseBlock } from './address-block.ts';
import type { Host } from './host-name.ts';

/** Where IPv6 addresses keep an IPv4 address that a router on the way may unpack: the block, and
 * the places of the four bytes. Teredo keeps them inverted. */
const FORMS: readonly (readonly [network: string, length: string, places: number[]])[] = [
  ['::', '96', [12, 13, 14, 15]], // IPv4-compatible (RFC 4291 2.5.5.1)
  ['::ffff:0:0:0', '96', [12, 13, 14, 15]], // IPv4-translated (RFC 2765)
  ['64:ff9b::', '96', [12, 13, 14, 15]], // NAT64 (RFC 6052 2.1)
  ['64:ff9b:1::', '48', [12, 13, 14, 15]], // local NAT64 (RFC 8215) with a prefix of 96 bits
  ['64:ff9b:1::', '48', [6, 7, 9, 10]], // and of 48 (RFC 6052 2.2)
  ['2002::', '16', [2, 3, 4, 5]], // 6to4 (RFC 3056 2)
  ['2001::', '32', [4, 5, 6, 7]], // a Teredo server (RFC 4380 4)
];

const TEREDO_CLIENT = [12, 13, 14, 15];

let forms: { block: AddressBlock; places: number[] }[] | null = null;

/* Of ::/96, these two have a meaning of their own (RFC 4291 2.5.2, 2.5.3). */
const OWN_MEANING = ['::', '::1'];

/** The IPv4 addresses that an IPv6 address may stand for. */
export function embeddedAddresses(host: Host): Host[] {
  if (host.kind !== 'ipv6' || OWN_MEANING.includes(host.text)) return [];
  forms ??= FORMS.map(([network, length, places]) => {
    const block = parseBlock(network, length);
    if ('problem' in block) throw new Error(`${network}/${length} ${block.problem}`);
    return { block, places };
  });
  const bytes = bytesOf(host) ?? [];
  const found = forms.filter(({ block }) => isInBlock(block, host));
  const read = (places: number[], mask: number): Host => ({
    kind: 'ipv4',
    text: places.map((place) => (bytes[place] ?? 0) ^ mask).join('.'),
  });
  const isTeredo = found.some(({ block }) => block.text === '2001::');
  return [
    ...found.map(({ places }) => read(places, 0)),
    ...(isTeredo ? [read(TEREDO_CLIENT, 0xff)] : []),
  ];
}
