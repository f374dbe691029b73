import type { EventSink } from '../../events.ts';
import { refusedEvent } from '../refusal.ts';
import type { Resolve } from '../resolver.ts';
import type { Existence } from './existence.ts';
import type { NamePool } from './name-pool.ts';
import { createDnsService, type DecideName, type DnsService } from './service.ts';

/* What a name is asked of; the port that it is wanted for is not part of the question. */
const DNS_PORT = 53;

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
    report: (refusal) => sink(refusedEvent('dns', { ...refusal, port: DNS_PORT })),
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
