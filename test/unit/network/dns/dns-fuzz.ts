/* Hostile messages for the name service, and what every answer to one must be. */

import { type Random, seeded } from '../../../support/seeded.ts';
import { type ParsedResponse, parseResponse, query, wireName, words } from './bytes.ts';
import { type DnsUnderTest, givenDns } from './given.ts';

const NAMES = [
  ...['example.com', 'EXAMPLE.com', 'a.example.net', 'bad.example.net', 'example.org', 'single'],
  ...['', 'localhost', 'a.localhost', '2.0.18.198.in-addr.arpa', '1.0.0.127.in-addr.arpa'],
  ...['missing.example.net', 'failed.example.net', '192.0.2.1', 'xn--bcher-kva.example.net'],
];
const TYPES = [1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 64, 65, 249, 252, 255, 256, 65535];
/** What a name with a record ends in; damage makes other names below these. */
const OURS = ['example.com', 'example.net', 'localhost', 'in-addr.arpa'].map((name) =>
  wireName(name).toString('latin1'),
);
const DEFINED_RCODES = [0, 1, 2, 3, 4, 5, 16];

function pick<T>(from: readonly T[], random: Random): T {
  return from[random(from.length)] as T;
}

function randomBytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => random(256)));
}

function validQuery(random: Random): Buffer {
  const edns = {
    udpBytes: pick([0, 511, 512, 1232, 4096, 65535], random),
    version: random(8) === 0 ? random(256) : 0,
    dnssecOk: random(2) === 0,
    options: randomBytes(pick([0, 0, 4, 12, 300], random), random),
  };
  return query(pick(NAMES, random), {
    id: random(0x10000),
    type: pick(TYPES, random),
    class: random(8) === 0 ? random(0x10000) : 1,
    ...(random(2) === 0 ? { edns } : {}),
  });
}

type Damage = (bytes: Buffer, random: Random) => Buffer;

const DAMAGES: readonly Damage[] = [
  (bytes) => bytes,
  (bytes, random) => {
    for (let i = 1 + random(4); i > 0; i--) bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  (bytes, random) => {
    const at = random(bytes.length);
    bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << random(8)), at);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, randomBytes(random(40), random)]),
  (bytes, random) => {
    const at = random(bytes.length);
    const inserted = pick(
      [words(0xc00c), words(0xc000 | random(0x4000)), words(random(0x10000))],
      random,
    );
    return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
  },
  (bytes, random) => {
    bytes.writeUInt16BE(pick([0, 1, 2, 0xffff], random), pick([2, 4, 6, 8, 10], random));
    return bytes;
  },
  (bytes, random) => Buffer.concat([bytes.subarray(0, 12), randomBytes(random(600), random)]),
  (_bytes, random) => randomBytes(random(700), random),
  (bytes, random) =>
    Buffer.concat([
      bytes.subarray(0, 12),
      Buffer.alloc(random(5000), pick([0, 1, 63, 0xc0], random)),
    ]),
];

const hostileDns = (): DnsUnderTest =>
  givenDns(['example.com', '*.example.net', '192.0.2.1', '!bad.example.net'], {
    exists: { 'missing.example.net': 'missing', 'failed.example.net': 'failed' },
    ipv6: true,
    poolSize: 8,
  });

/** Asks `rounds` hostile questions. Throws, with the message in it, on the first answer that is
 * not as it must be. Returns how many answers had each response code, "none" for no answer. */
export async function fuzzDns(rounds: number, seed: number): Promise<Record<string, number>> {
  const random = seeded(seed);
  const dns = hostileDns();
  const counts: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const message = pick(DAMAGES, random)(validQuery(random), random);
    const sent = Buffer.from(message);
    const transport = random(2) === 0 ? 'udp' : 'tcp';
    try {
      const answer = await dns.answer(message, transport);
      if (!message.equals(sent)) throw new Error('the message was written to');
      const outcome = answer ? judge(sent, answer, transport) : judgeSilence(sent);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round}, ${sent.toString('hex')}`, { cause: error });
    }
  }
  for (const name of dns.asked)
    if (!/^example\.com$|^[a-z0-9_.-]+\.example\.net$/.test(name) || name === 'bad.example.net')
      throw new Error(`the host was asked for ${JSON.stringify(name)}`);
  return counts;
}

function demand(met: boolean, what: string): void {
  if (!met) throw new Error(what);
}

function judgeSilence(sent: Buffer): string {
  demand(sent.length < 12 || (sent.readUInt8(2) & 0x80) !== 0, 'a query without an answer');
  return 'none';
}

function judge(sent: Buffer, answer: Buffer, transport: 'udp' | 'tcp'): string {
  demand(sent.length >= 12 && (sent.readUInt8(2) & 0x80) === 0, 'an answer to no query');
  const parsed = parseResponse(answer);
  demand(parsed.id === sent.readUInt16BE(0), 'another id');
  demand((parsed.flags & 0x7900) === (sent.readUInt16BE(2) & 0x7900), 'another opcode or RD');
  demand((parsed.flags & 0x8680) === 0x8080, 'not QR and RA without AA and TC');
  demand(DEFINED_RCODES.includes(parsed.rcode), `response code ${parsed.rcode}`);
  demand(parsed.answers.length === 0 || parsed.rcode === 0, 'a refusal with records');
  demand(answer.length <= (transport === 'udp' ? 512 : 600), `${answer.length} bytes`);
  if (parsed.question) judgeQuestion(sent, parsed);
  else demand([1, 4].includes(parsed.rcode), 'no question');
  return String(parsed.rcode);
}

function judgeQuestion(sent: Buffer, { question, answers }: ParsedResponse): void {
  const echoed = question ?? Buffer.alloc(0);
  demand(sent.subarray(12, 12 + echoed.length).equals(echoed), 'another question');
  if (answers.length === 0) return;
  const name = echoed.toString('latin1', 0, echoed.length - 4).toLowerCase();
  const isOurs = OURS.some((end) => name.endsWith(end));
  demand(answers.length === 1 && isOurs, 'an address for a name that is not allowed');
  demand(answers[0]?.type === echoed.readUInt16BE(echoed.length - 4), 'another type');
}
