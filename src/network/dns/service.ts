import type { NameDecision } from '../../policy/network-decision.ts';
import { createExistence, type ResolveExistence } from './existence.ts';
import { type NamePool, SYNTHETIC_TTL } from './name-pool.ts';
import { type DnsQuery, readQuery } from './query.ts';
import { createRefusalReport, type NameRefusal } from './refusals.ts';
import { addressData, type DnsRecord, nameData, writeResponse } from './response.ts';
import { addressOfReverseName } from './reverse.ts';
import { CLASS_IN, Rcode, RecordType } from './wire.ts';

/** Says whether a name may be reached at some port. `spelling` is as it was asked. */
export type DecideName = (spelling: string) => NameDecision;

export interface DnsServiceOptions {
  decide: DecideName;
  /** Asked for canonical names that `decide` allowed, and for no others. */
  resolve: ResolveExistence;
  pool: NamePool;
  /** Gets each refused name once, at most ten a second. */
  report: (refusal: NameRefusal) => void;
  /** Whether connections to the synthetic IPv6 addresses lead anywhere. */
  ipv6?: boolean;
  /** Milliseconds that never go back. */
  now?: () => number;
}

export type DnsTransport = 'udp' | 'tcp';

export interface DnsService {
  /** The answer to one message from inside, null for what is not to be answered. Never rejects. */
  answer(query: Buffer, transport: DnsTransport): Promise<Buffer | null>;
}

interface Answer {
  rcode: Rcode;
  records?: DnsRecord[];
}

/* REFUSED says the truth: it is policy, and no statement about the name. NODATA, the answer without
 * records, says that an allowed name has no record of that type. It is the answer to AAAA, HTTPS,
 * SVCB, SRV, TXT and the rest, because resolvers take REFUSED for a broken server: musl asks again
 * and fails the whole getaddrinfo after 5 s even where A was answered, glibc and c-ares go on to
 * another server. RFC 9460 3 has a client without HTTPS records use the addresses. */
const REFUSED: Answer = { rcode: Rcode.refused };
const NODATA: Answer = { rcode: Rcode.noError };
const MISSING: Answer = { rcode: Rcode.nameError };
const FAILED: Answer = { rcode: Rcode.serverFailure };

/** The name service of one sandbox. Nothing that is asked leaves the host as such: an allowed name
 * that exists gets an address that stands for it, any other name is refused. */
export function createDnsService(options: DnsServiceOptions): DnsService {
  const { decide, pool, ipv6 = false, now } = options;
  const exists = createExistence(options.resolve, now);
  const report = createRefusalReport(options.report, now);

  const answerName = async (name: string, type: number): Promise<Answer> => {
    const verdict = decide(name);
    if (!verdict.allowed) {
      report(verdict);
      return REFUSED;
    }
    /* A program that has an address has no question about it. */
    if (verdict.host.kind !== 'name') return REFUSED;
    const existence = await exists(verdict.host.text);
    if (existence !== 'found') return existence === 'missing' ? MISSING : FAILED;
    if (type !== RecordType.A && !(type === RecordType.AAAA && ipv6)) return NODATA;
    const addresses = pool.addressOf(verdict.host.text);
    if (!addresses) return FAILED;
    return single(type, addressData(type === RecordType.A ? addresses.ipv4 : addresses.ipv6));
  };

  /** A reverse name that is not ours is refused without an event: no setting would allow it. */
  const answerReverse = (address: string, type: number): Answer => {
    const isLoopback = address.startsWith('127.') || address === '::1';
    if (!isLoopback && !pool.isSynthetic(address)) return REFUSED;
    const name = isLoopback ? 'localhost' : pool.nameOf(address);
    if (name === null) return MISSING;
    return type === RecordType.PTR ? single(type, nameData(name)) : NODATA;
  };

  const answerQuery = async ({ question, edns }: DnsQuery): Promise<Answer> => {
    const { name, type } = question;
    if (edns && edns.version !== 0) return { rcode: Rcode.badVersion };
    if (question.class !== CLASS_IN || isMetaType(type)) return REFUSED;
    if (/(?:^|\.)localhost$/i.test(name)) return answerLocalhost(type);
    const address = addressOfReverseName(name);
    return address === null ? answerName(name, type) : answerReverse(address, type);
  };

  return {
    async answer(message, transport) {
      const read = readQuery(message);
      if (read.state === 'ignore') return null;
      if (read.state === 'bad')
        return writeResponse({ ...read, question: null, edns: null }, transport);
      const answer = await answerQuery(read.query).catch(() => FAILED);
      return writeResponse({ ...read.query, ...answer }, transport);
    },
  };
}

/** ANY, AXFR and the others that name no record type (RFC 6895 3.1). RFC 8482 leaves it to the
 * server how little it says to ANY; REFUSED and not NOTIMP, which is about opcodes (RFC 1035 4.1.1)
 * and reads as a lack of EDNS to resolvers that follow RFC 2671 5.3. */
function isMetaType(type: number): boolean {
  return type >= 128 && type <= 255;
}

/** RFC 6761 6.3: always loopback, whoever decides about other names. It is the sandbox's own. */
function answerLocalhost(type: number): Answer {
  if (type === RecordType.A) return single(type, addressData('127.0.0.1'));
  return type === RecordType.AAAA ? single(type, addressData('::1')) : NODATA;
}

function single(type: number, data: Buffer): Answer {
  return { rcode: Rcode.noError, records: [{ type, ttl: SYNTHETIC_TTL, data }] };
}
