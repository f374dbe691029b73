import { MAX_CLIENT_HELLO } from '../limits.ts';
import { type ClientHello, readHelloBody } from './client-hello-body.ts';

/** What the first bytes of a connection are. `need`: that is not clear before more of them came. */
export type FirstBytes =
  | { state: 'need' }
  | { state: 'not-tls' }
  | ClientHello
  | { state: 'malformed' }
  | { state: 'oversized' };

/** Record types (RFC 8446 5.1), and the first byte that each can have inside as the first record. */
const HANDSHAKE = 22;
const FIRST_OF: Readonly<Record<number, readonly number[]>> = {
  /* change_cipher_spec and alert: some servers skip them, and read the ClientHello behind. */
  20: [1],
  21: [1, 2],
  22: [1],
};
const RECORD_HEADER = 5;
const MAX_FRAGMENT = 16 * 1024;
/** A handshake message's type and length. */
const MESSAGE_HEADER = 4;

/** Reads the records (RFC 8446 5.1) of a ClientHello as they come, over however many of them and
 * in pieces of any size; says the same for ever once it is clear. Keeps a reference to the chunks
 * until then. */
export function createHelloReader(): (chunk: Buffer) => FirstBytes {
  const start: Buffer[] = [];
  let startLength = 0;
  let records: RecordReader | null = null;
  let result: FirstBytes = { state: 'need' };

  return (chunk) => {
    if (result.state !== 'need') return result;
    if (records) {
      result = records(chunk);
      return result;
    }
    start.push(chunk);
    startLength += chunk.length;
    const bytes = start.length === 1 ? chunk : Buffer.concat(start, startLength);
    const kind = classify(bytes);
    if (kind === 'hello') {
      records = createRecordReader();
      result = records(bytes);
    } else result = { state: kind };
    return result;
  };
}

/** By at most the first six bytes. The version is no help: RFC 8446 5.1 tells servers to ignore
 * it, and some do. Other protocols begin with the same types now and then: a length of MySQL or
 * MongoDB. None of them goes on as a handshake does, unless it also has TLS's version. */
function classify(bytes: Buffer): 'need' | 'not-tls' | 'hello' | 'malformed' {
  const type = bytes[0];
  if (type === undefined) return 'need';
  const firsts = FIRST_OF[type];
  if (!firsts) return 'not-tls';
  const inside = bytes[RECORD_HEADER];
  if (inside === undefined) return 'need';
  const length = bytes.readUInt16BE(3);
  if (type !== HANDSHAKE)
    return length >= 1 && length <= 4 && firsts.includes(inside) ? 'malformed' : 'not-tls';
  if (length > 0 && firsts.includes(inside)) return 'hello';
  return bytes[1] === 3 ? 'malformed' : 'not-tls';
}

type RecordReader = (chunk: Buffer) => FirstBytes;

function createRecordReader(): RecordReader {
  const header = Buffer.alloc(RECORD_HEADER);
  let headerLength = 0;
  /** What is missing of the record. */
  let left = 0;
  let seen = 0;
  let pieces: Buffer[] = [];
  let have = 0;
  /** Length of the whole message, once its header is there. */
  let whole: number | null = null;

  /** Takes a part of the message; null while more is needed. */
  const take = (piece: Buffer): FirstBytes | null => {
    pieces.push(piece);
    have += piece.length;
    if (have < MESSAGE_HEADER) return null;
    if (whole === null) {
      const bytes = Buffer.concat(pieces, have);
      pieces = [bytes];
      whole = MESSAGE_HEADER + bytes.readUIntBE(1, 3);
      if (whole + RECORD_HEADER > MAX_CLIENT_HELLO) return { state: 'oversized' };
    }
    if (have < whole) return null;
    /* Nothing may share a record with it: keys change behind it (RFC 8446 5.1). */
    if (have > whole || left > 0) return { state: 'malformed' };
    return readHelloBody(Buffer.concat(pieces, have).subarray(MESSAGE_HEADER));
  };

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const part = chunk.subarray(at, at + RECORD_HEADER - headerLength);
        headerLength += part.copy(header, headerLength);
        at += part.length;
        seen += part.length;
        if (headerLength < RECORD_HEADER) break;
        headerLength = 0;
        left = header.readUInt16BE(3);
        if (header[0] !== HANDSHAKE || left === 0 || left > MAX_FRAGMENT)
          return { state: 'malformed' };
      } else {
        const part = chunk.subarray(at, at + left);
        left -= part.length;
        at += part.length;
        seen += part.length;
        const done = take(part);
        if (done) return done;
      }
      if (seen > MAX_CLIENT_HELLO) return { state: 'oversized' };
    }
    return { state: 'need' };
  };
}
