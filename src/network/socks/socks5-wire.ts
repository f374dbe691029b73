/** SOCKS5 messages as values (RFC 1928). Opens nothing. */

export const VERSION = 5;
export const NO_AUTHENTICATION = 0;
export const USERNAME_PASSWORD = 2;
export const NO_ACCEPTABLE_METHODS = 0xff;
export const CONNECT = 1;

/** RFC 1928 6. */
export const Reply = {
  succeeded: 0,
  generalFailure: 1,
  notAllowed: 2,
  networkUnreachable: 3,
  hostUnreachable: 4,
  connectionRefused: 5,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const;
export type Reply = (typeof Reply)[keyof typeof Reply];

/** `need`: more bytes must come first. `length`: how many bytes the message took. */
export type Read<T> =
  | { state: 'need' }
  | { state: 'bad'; reply: Reply }
  | ({ state: 'read'; length: number } & T);

/** The method selection message (RFC 1928 3). */
export function readGreeting(bytes: Buffer): Read<{ methods: number[] }> {
  if (bytes.length >= 1 && bytes[0] !== VERSION)
    return { state: 'bad', reply: Reply.generalFailure };
  const count = bytes[1];
  if (count === undefined || bytes.length < 2 + count) return { state: 'need' };
  return { state: 'read', length: 2 + count, methods: [...bytes.subarray(2, 2 + count)] };
}

/** The version of the messages of RFC 1929, and their two answers. */
const SUBNEGOTIATION = 1;
export const ADMITTED = Buffer.from([SUBNEGOTIATION, 0]);
export const NOT_ADMITTED = Buffer.from([SUBNEGOTIATION, 1]);

/** User name and password (RFC 1929 2). */
export function readCredentials(bytes: Buffer): Read<{ user: Buffer; password: Buffer }> {
  if (bytes.length >= 1 && bytes[0] !== SUBNEGOTIATION)
    return { state: 'bad', reply: Reply.generalFailure };
  const userEnd = 2 + (bytes[1] ?? 0);
  const size = bytes[userEnd];
  if (size === undefined || bytes.length < userEnd + 1 + size) return { state: 'need' };
  return {
    state: 'read',
    length: userEnd + 1 + size,
    user: bytes.subarray(2, userEnd),
    password: bytes.subarray(userEnd + 1, userEnd + 1 + size),
  };
}

export interface SocksRequest {
  command: number;
  host: string;
  port: number;
}

/** The request (RFC 1928 4). A name is returned as it came, NUL bytes and all: whether it is a
 * host is for the decider to say. */
export function readRequest(bytes: Buffer): Read<SocksRequest> {
  if (bytes.length >= 1 && bytes[0] !== VERSION)
    return { state: 'bad', reply: Reply.generalFailure };
  const type = bytes[3];
  if (type === undefined) return { state: 'need' };
  const sizes: Record<number, number | undefined> = { 1: 4, 3: bytes[4], 4: 16 };
  if (!(type in sizes)) return { state: 'bad', reply: Reply.addressTypeNotSupported };
  const size = sizes[type];
  const start = type === 3 ? 5 : 4;
  if (size === undefined || bytes.length < start + size + 2) return { state: 'need' };
  const address = bytes.subarray(start, start + size);
  return {
    state: 'read',
    length: start + size + 2,
    command: bytes[1] ?? 0,
    host:
      type === 1 ? address.join('.') : type === 4 ? ipv6Text(address) : address.toString('utf8'),
    port: bytes.readUInt16BE(start + size),
  };
}

function ipv6Text(address: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => address.readUInt16BE(i * 2).toString(16));
  return groups.join(':');
}

/** A reply with an unspecified bound address: nobody uses it for CONNECT. */
export function writeReply(reply: Reply): Buffer {
  return Buffer.from([VERSION, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
}
