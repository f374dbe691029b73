/* DNS messages for tests, written byte by byte and read back by a reader of their own. */

export interface QueryParts {
  id?: number;
  flags?: number;
  type?: number;
  class?: number;
  edns?: { udpBytes?: number; version?: number; dnssecOk?: boolean; options?: Buffer };
}

export function wireName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.of(0),
  ]);
}

export function words(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 255)));
}

/** A query with recursion desired. `name` is text, or its encoding when it is not a legal one. */
export function query(name: string | Buffer, parts: QueryParts = {}): Buffer {
  const { id = 0x1234, flags = 0x0100, type = 1, class: klass = 1, edns } = parts;
  return Buffer.concat([
    words(id, flags, 1, 0, 0, edns ? 1 : 0),
    typeof name === 'string' ? wireName(name) : name,
    words(type, klass),
    ...(edns ? [opt(edns)] : []),
  ]);
}

export function opt(edns: NonNullable<QueryParts['edns']>): Buffer {
  const { udpBytes = 1232, version = 0, dnssecOk = false, options = Buffer.alloc(0) } = edns;
  return Buffer.concat([
    Buffer.of(0),
    words(41, udpBytes),
    Buffer.of(0, version, dnssecOk ? 0x80 : 0, 0),
    words(options.length),
    options,
  ]);
}

export interface ParsedResponse {
  id: number;
  flags: number;
  /** With the upper bits from OPT. */
  rcode: number;
  truncated: boolean;
  question: Buffer | null;
  answers: { type: number; ttl: number; data: Buffer }[];
  opt: { udpBytes: number; version: number; dnssecOk: boolean } | null;
}

/** Reads what the service writes, to the last byte. Throws on anything else. */
export function parseResponse(bytes: Buffer): ParsedResponse {
  const [id, flags, questions, answers, authorities, additional] = [0, 2, 4, 6, 8, 10].map((at) =>
    bytes.readUInt16BE(at),
  ) as [number, number, number, number, number, number];
  if (!(flags & 0x8000) || questions > 1 || authorities !== 0 || additional > 1)
    throw new Error(`not a response of ours: ${bytes.toString('hex')}`);
  const parsed: ParsedResponse = {
    id,
    flags,
    rcode: flags & 15,
    truncated: (flags & 0x200) !== 0,
    question: null,
    answers: [],
    opt: null,
  };
  let at = 12;
  if (questions === 1) {
    let end = at;
    while (bytes.readUInt8(end) !== 0) end += 1 + bytes.readUInt8(end);
    parsed.question = bytes.subarray(at, end + 5);
    at = end + 5;
  }
  for (let i = 0; i < answers; i++) {
    if (bytes.readUInt16BE(at) !== 0xc00c || bytes.readUInt16BE(at + 4) !== 1)
      throw new Error('a record about something else');
    const size = bytes.readUInt16BE(at + 10);
    const data = bytes.subarray(at + 12, at + 12 + size);
    parsed.answers.push({
      type: bytes.readUInt16BE(at + 2),
      ttl: bytes.readUInt32BE(at + 6),
      data,
    });
    at += 12 + size;
  }
  if (additional === 1) {
    if (bytes.readUInt8(at) !== 0 || bytes.readUInt16BE(at + 1) !== 41) throw new Error('no OPT');
    parsed.rcode |= bytes.readUInt8(at + 5) << 4;
    parsed.opt = {
      udpBytes: bytes.readUInt16BE(at + 3),
      version: bytes.readUInt8(at + 6),
      dnssecOk: (bytes.readUInt8(at + 7) & 0x80) !== 0,
    };
    at += 11 + bytes.readUInt16BE(at + 9);
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes too many`);
  return parsed;
}
