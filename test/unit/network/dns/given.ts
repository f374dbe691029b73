/* A name service over the rules of settings, for tests. */
import type { Existence } from '../../../../src/network/dns/existence.ts';
import { createNamePool, type NamePool } from '../../../../src/network/dns/name-pool.ts';
import type { NameRefusal } from '../../../../src/network/dns/refusals.ts';
import {
  createDnsService,
  type DecideName,
  type DnsService,
} from '../../../../src/network/dns/service.ts';
import { decideDestination } from '../../../../src/policy/network-decision.ts';
import { domains } from '../../rules.ts';
import { type ParsedResponse, parseResponse, type QueryParts, query } from './bytes.ts';

export interface DnsUnderTest extends DnsService {
  pool: NamePool;
  /** Names that the host's resolver was asked for. */
  asked: string[];
  refused: NameRefusal[];
  ask(name: string | Buffer, parts?: QueryParts): Promise<ParsedResponse>;
}

export interface DnsGiven {
  /** What is not listed is found. */
  exists?: Record<string, Existence | Error>;
  ipv6?: boolean;
  poolSize?: number;
  delay?: () => Promise<unknown>;
}

/** `entries` as for networkPolicy; ports in them are not looked at. */
export function givenDns(
  entries: string[],
  { exists = {}, ipv6 = false, poolSize, delay = async () => {} }: DnsGiven = {},
): DnsUnderTest {
  const asked: string[] = [];
  const refused: NameRefusal[] = [];
  const pool = createNamePool(poolSize === undefined ? {} : { size: poolSize });
  const decide: DecideName = (spelling) => decideDestination(domains(...entries), spelling, 443);
  const resolve = async (name: string) => {
    asked.push(name);
    await delay();
    const existence = exists[name] ?? 'found';
    if (existence instanceof Error) throw existence;
    return existence;
  };
  const report = (refusal: NameRefusal) => refused.push(refusal);
  const service = createDnsService({ decide, resolve, pool, report, ipv6 });
  const ask = async (name: string | Buffer, parts: QueryParts = {}) => {
    const answer = await service.answer(query(name, parts), 'udp');
    if (!answer) throw new Error('no answer');
    return parseResponse(answer);
  };
  return { ...service, pool, asked, refused, ask };
}
