import { hostname } from 'node:os';
import { type Host, parseHost } from '../../policy/host-name.ts';
import type { Policy } from '../../policy/policy.ts';
import type { UpstreamProxy } from '../../policy/proxy-url.ts';
import { chooseUpstream } from '../../policy/upstream.ts';
import { ownAddresses } from '../own-addresses.ts';
import type { Resolve } from '../resolver.ts';

/** The parent proxy for a destination, or null where it is dialled directly. */
export function proxyFor(
  { upstream }: Policy,
  { host, port }: { host: Host; port: number },
  isPlain: boolean,
): UpstreamProxy | null {
  if (!upstream) return null;
  const own = [...ownAddresses(), hostname().toLowerCase()];
  return chooseUpstream(upstream, host, port, { own, plain: isPlain || port === 80 });
}

/** For the name service inside, which asks the host whether a name exists: one that goes to a parent
 * proxy is taken to, because only the proxy could say. The address stands for nothing (RFC 5737). */
export function existsBehindProxy(policy: Policy, resolve: Resolve): Resolve {
  return async (name) => {
    const host = parseHost(name);
    const goes = host && [80, 443].some((port) => proxyFor(policy, { host, port }, false));
    return goes ? ['192.0.2.1'] : resolve(name);
  };
}
