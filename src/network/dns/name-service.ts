import type { EventSink } from '../../events.ts';
import type { Resolve } from '../resolver.ts';
import type { Existence } from './existence.ts';
import type { NamePool } from './name-pool.ts';
import { createDnsService, type DecideName, type DnsService } from './service.ts';

/** The name service of a sandbox, with the host's resolver behind it. */
export function createNameService(
  decide: DecideName,
  resolve: Resolve,
  pool: NamePool,
  ipv6: boolean,
  sink: EventSink,
): DnsService {
  return createDnsService({
    decide,
    pool,
    ipv6,
    resolve: async (name) => existenceOf(resolve(name)),
    report: ({ host, reason, rule }) =>
      sink({
        type: 'refused',
        protocol: 'dns',
        host,
        port: 53,
        reason,
        rule: rule?.source.typed ?? null,
      }),
  });
}

/** getaddrinfo(3) tells a name without address from a resolver that is out of order. */
async function existenceOf(resolving: Promise<string[]>): Promise<Existence> {
  try {
    return (await resolving).length > 0 ? 'found' : 'missing';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTFOUND' ? 'missing' : 'failed';
  }
}
