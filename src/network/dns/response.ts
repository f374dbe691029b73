import {
  CLASS_IN,
  type DnsHeader,
  type DnsQuestion,
  type Edns,
  Flag,
  HEADER_BYTES,
  type Rcode,
  RecordType,
} from './wire.ts';

/** A record about the name of the question. */
export interface DnsRecord {
  type: number;
  /** Seconds for which the asker may keep it. */
  ttl: number;
  data: Buffer;
}

export interface DnsResponse {
  header: DnsHeader;
  /** Null when the question could not be read. */
  question: DnsQuestion | null;
  edns: Edns | null;
  rcode: Rcode;
  records?: readonly DnsRecord[];
}

/** What fits through every path without fragments (DNS flag day 2020). */
const UDP_BYTES = 1232;
/** What every asker takes without EDNS (RFC 1035 4.2.1). */
const MIN_UDP_BYTES = 512;
const TCP_BYTES = 65535;

/** The response as bytes. Over UDP, records that do not fit are left out and TC tells the asker
 * to come back over TCP (RFC 2181 9). */
export function writeResponse(response: DnsResponse, transport: 'udp' | 'tcp'): Buffer {
  const records = (response.records ?? []).map(encodeRecord);
  const whole = assemble(response, records, 0);
  const limit = transport === 'tcp' ? TCP_BYTES : udpLimit(response.edns);
  return whole.length <= limit ? whole : assemble(response, [], Flag.truncated);
}

/** Values below 512 mean 512 (RFC 6891 6.2.3). */
function udpLimit(edns: Edns | null): number {
  return Math.min(Math.max(edns?.udpBytes ?? 0, MIN_UDP_BYTES), UDP_BYTES);
}

function assemble(
  { header, question, edns, rcode }: DnsResponse,
  records: readonly Buffer[],
  flag: number,
): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(header.id, 0);
  head.writeUInt16BE(
    Flag.response | Flag.recursionAvailable | header.flags | flag | (rcode & 0xf),
    2,
  );
  head.writeUInt16BE(question ? 1 : 0, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt16BE(edns ? 1 : 0, 10);
  return Buffer.concat([
    head,
    ...(question ? [question.bytes] : []),
    ...records,
    ...(edns ? [encodeOpt(edns, rcode)] : []),
  ]);
}

/** The owner is a pointer to the question, which always starts right after the header. */
function encodeRecord({ type, ttl, data }: DnsRecord): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  fixed.writeUInt16BE(type, 2);
  fixed.writeUInt16BE(CLASS_IN, 4);
  fixed.writeUInt32BE(ttl, 6);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

/** Version 0, no options, the upper bits of the response code, and DO as it was asked
 * (RFC 6891 6.1.3, RFC 3225 3). */
function encodeOpt({ dnssecOk }: Edns, rcode: Rcode): Buffer {
  const opt = Buffer.alloc(11);
  opt.writeUInt16BE(RecordType.OPT, 1);
  opt.writeUInt16BE(UDP_BYTES, 3);
  opt.writeUInt8(rcode >> 4, 5);
  opt.writeUInt16BE(dnssecOk ? 0x8000 : 0, 7);
  return opt;
}

/** The data of an A or AAAA record. `address` is canonical, as parseHost gives it. */
export function addressData(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [head = [], tail = []] = address
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':')));
  const zeros: string[] = new Array(8 - head.length - tail.length).fill('0');
  const groups = [...head, ...zeros, ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** The data of a PTR record. `name` is canonical: its labels are ASCII and of legal length. */
export function nameData(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')]));
  return Buffer.concat([...labels, Buffer.of(0)]);
}
