import { networkInterfaces } from 'node:os';
import { parseHost } from '../policy/host-name.ts';

/* A laptop changes networks; asking the kernel takes as long as half a connection. */
const FRESH_MS = 1000;

let known: { until: number; addresses: readonly string[] } | null = null;

/** The addresses of this machine's interfaces, in canonical form, at most a second old. */
export function ownAddresses(): readonly string[] {
  const now = performance.now();
  if (known && now < known.until) return known.addresses;
  const all = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
  const addresses = all.flatMap(({ address }) => parseHost(address)?.text ?? []);
  known = { until: now + FRESH_MS, addresses };
  return addresses;
}
