export interface ClientHello {
  state: 'hello';
  /** As the client wrote it (ASCII); whether it is a host is for the decider to say. */
  serverName: string | null;
  /** Whether it has an encrypted_client_hello, real or GREASE: the name is then the outer one. */
  encrypted: boolean;
}

const SERVER_NAME = 0;
/** RFC 9849 5. */
const ENCRYPTED_CLIENT_HELLO = 0xfe0d;
/** RFC 6066 3. */
const HOST_NAME = 0;
/** legacy_version and random. */
const FIXED = 2 + 32;

const MALFORMED = { state: 'malformed' } as const;

/** Reads a whole ClientHello without its message header (RFC 8446 4.1.2; those of TLS 1.0 to 1.2
 * have the same form, and may end before the extensions). */
export function readHelloBody(body: Buffer): ClientHello | typeof MALFORMED {
  const rest = body.subarray(FIXED);
  const session = body.length > FIXED ? splitVector(rest, 1) : null;
  const ciphers = session && splitVector(session.rest, 2);
  const compression = ciphers && splitVector(ciphers.rest, 1);
  if (!compression || session.inner.length > 32 || compression.inner.length === 0) return MALFORMED;
  if (ciphers.inner.length < 2 || ciphers.inner.length % 2 !== 0) return MALFORMED;
  if (compression.rest.length === 0) return { state: 'hello', serverName: null, encrypted: false };
  const extensions = splitVector(compression.rest, 2);
  return extensions?.rest.length === 0 ? readExtensions(extensions.inner) : MALFORMED;
}

/** A name may be said once: a server may go by the first or by the last. */
function readExtensions(bytes: Buffer): ClientHello | typeof MALFORMED {
  let serverName: string | null = null;
  let encrypted = false;
  let at = bytes;
  while (at.length > 0) {
    const data = at.length > 2 ? splitVector(at.subarray(2), 2) : null;
    if (!data) return MALFORMED;
    const type = at.readUInt16BE(0);
    if (type === SERVER_NAME) {
      if (serverName !== null) return MALFORMED;
      serverName = readServerName(data.inner);
      if (serverName === null) return MALFORMED;
    }
    if (type === ENCRYPTED_CLIENT_HELLO) encrypted = true;
    at = data.rest;
  }
  return { state: 'hello', serverName, encrypted };
}

/** The one host_name of a ServerNameList (RFC 6066 3), which is ASCII. There is no other type of
 * name; what a server makes of an unknown one is anybody's guess. */
function readServerName(data: Buffer): string | null {
  const list = splitVector(data, 2);
  if (!list || list.rest.length > 0 || list.inner[0] !== HOST_NAME) return null;
  const name = splitVector(list.inner.subarray(1), 2);
  if (!name || name.rest.length > 0 || name.inner.length === 0) return null;
  return name.inner.every((byte) => byte < 0x80) ? name.inner.toString('latin1') : null;
}

/** A vector with a length of `size` bytes before it (RFC 8446 3.4), and what is behind it. */
function splitVector(bytes: Buffer, size: 1 | 2): { inner: Buffer; rest: Buffer } | null {
  if (bytes.length < size) return null;
  const end = size + bytes.readUIntBE(0, size);
  if (bytes.length < end) return null;
  return { inner: bytes.subarray(size, end), rest: bytes.subarray(end) };
}
