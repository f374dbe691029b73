import {
  type DnsHeader,
  type DnsQuestion,
  type Edns,
  Flag,
  HEADER_BYTES,
  Rcode,
  RecordType,
} from './wire.ts';

export interface DnsQuery {
  header: DnsHeader;
  question: DnsQuestion;
  edns: Edns | null;
}

/** `ignore`: answering would be wrong or could loop. `bad`: the header alone can be answered. */
export type ReadQuery =
  | { state: 'ignore' }
  | { state: 'bad'; header: DnsHeader; rcode: Rcode }
  | { state: 'read'; query: DnsQuery };

/** RFC 1035 2.3.4. */
const MAX_NAME = 255;
const MAX_LABEL = 63;
const OPT_BYTES = 11;

/** Reads one query, the whole of `message`: a header, one question, at most one OPT record
 * (RFC 1035 4.1, RFC 6891 6.1.2). Never throws, whatever the bytes are. */
export function readQuery(message: Buffer): ReadQuery {
  if (message.length < HEADER_BYTES) return { state: 'ignore' };
  const flags = message.readUInt16BE(2);
  if (flags & Flag.response) return { state: 'ignore' };
  const header = {
    id: message.readUInt16BE(0),
    flags: flags & (Flag.opcode | Flag.recursionDesired),
  };
  /* Other operations lay out their sections in another way (RFC 2136): nothing is read of them. */
  if (flags & Flag.opcode) return { state: 'bad', header, rcode: Rcode.notImplemented };
  const bad = { state: 'bad', header, rcode: Rcode.formatError } as const;
  const [questions, answers, authorities, additional] = [4, 6, 8, 10].map((at) =>
    message.readUInt16BE(at),
  );
  if (questions !== 1 || answers !== 0 || authorities !== 0) return bad;
  const question = readQuestion(message);
  if (!question) return bad;
  const rest = message.subarray(HEADER_BYTES + question.bytes.length);
  if (additional === 0 && rest.length === 0)
    return { state: 'read', query: { header, question, edns: null } };
  /* Signatures (TSIG, SIG(0)) are the only other records that a query may bring along. */
  const edns = additional === 1 ? readOpt(rest) : null;
  return edns ? { state: 'read', query: { header, question, edns } } : bad;
}

function readQuestion(message: Buffer): DnsQuestion | null {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const size = message[at];
    /* Above 63 are compression pointers: a question has nothing before it to point to. */
    if (size === undefined || size > MAX_LABEL) return null;
    const end = at + 1 + size;
    if (end - HEADER_BYTES > MAX_NAME || end > message.length) return null;
    if (size === 0) break;
    labels.push(labelText(message.subarray(at + 1, end)));
    at = end;
  }
  const end = at + 5;
  if (end > message.length) return null;
  return {
    name: labels.join('.'),
    type: message.readUInt16BE(at + 1),
    class: message.readUInt16BE(at + 3),
    bytes: message.subarray(HEADER_BYTES, end),
  };
}

function labelText(label: Buffer): string {
  return label
    .toString('latin1')
    .replace(/[^A-Za-z0-9_-]/g, (byte) => `\\${String(byte.charCodeAt(0)).padStart(3, '0')}`);
}

/** An OPT record that ends where `bytes` end. Its options are skipped: none changes an answer. */
function readOpt(bytes: Buffer): Edns | null {
  if (bytes.length < OPT_BYTES || bytes[0] !== 0) return null;
  if (bytes.readUInt16BE(1) !== RecordType.OPT) return null;
  if (bytes.readUInt16BE(9) !== bytes.length - OPT_BYTES) return null;
  return {
    version: bytes.readUInt8(6),
    dnssecOk: (bytes.readUInt16BE(7) & 0x8000) !== 0,
    udpBytes: bytes.readUInt16BE(3),
  };
}
