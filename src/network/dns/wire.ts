/** Numbers of the DNS that more than one module needs (RFC 1035 4.1, RFC 6891). */

export const HEADER_BYTES = 12;
export const CLASS_IN = 1;

/** Record types (RFC 1035 3.2.2, RFC 3596, RFC 6891). */
export const RecordType = { A: 1, PTR: 12, AAAA: 28, OPT: 41 } as const;

/** Response codes (RFC 1035 4.1.1); 16 and above need an OPT record (RFC 6891 6.1.3). */
export const Rcode = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
} as const;
export type Rcode = (typeof Rcode)[keyof typeof Rcode];

/** Bits of the second 16-bit word of the header. */
export const Flag = {
  response: 0x8000,
  opcode: 0x7800,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
} as const;

/** What is echoed of a query whose header could be read, whatever follows it. */
export interface DnsHeader {
  id: number;
  /** The opcode in place, and RD, as they came. */
  flags: number;
}

export interface DnsQuestion {
  /** Without a trailing dot, in the case that was asked. Bytes other than letters, digits, `-` and
   * `_` are `\DDD` (RFC 1035 5.1), so that a dot inside a label is never one between labels. */
  name: string;
  type: number;
  class: number;
  /** The question section byte for byte, for the echo. */
  bytes: Buffer;
}

/** The OPT record of a query (RFC 6891 6.1.3). */
export interface Edns {
  version: number;
  dnssecOk: boolean;
  /** Largest answer over UDP that the asker takes, in bytes. */
  udpBytes: number;
}
