/** How much of the gate one sandbox may take. docs/security.md lists them. Times in milliseconds. */

/** A request's head, in bytes; also what Node's own parser takes (--max-http-header-size). */
export const MAX_REQUEST_HEAD = 16 * 1024;

/** From the first byte of a request to the end of its headers. */
export const REQUEST_HEAD_TIMEOUT = 60_000;

/** From a connection to its first byte, and from a SOCKS5 connection to the end of its request. */
export const HANDSHAKE_TIMEOUT = 60_000;

/** A ClientHello with its record headers, in bytes. Real ones have 200 to 2,000. */
export const MAX_CLIENT_HELLO = 16 * 1024;

/** From the first byte of a ClientHello to its last. */
export const CLIENT_HELLO_TIMEOUT = 30_000;

/** Bytes that one direction of a tunnel carries before it gets a read buffer of its own, the size
 * of that buffer, and how many there can be. */
export const REUSED_FROM = 1024 * 1024;
export const REUSED_BUFFER = 512 * 1024;
export const REUSED_BUFFERS = 32;

/** How long a client may take to read a refusal and go. */
export const LINGER = 5_000;

/** How long an origin may take nothing of what a client has left behind. */
export const FLUSH_TIMEOUT = 60_000;

/** Between a connection's last byte and the first question to an origin whether it is still there:
 * who closes an idle tunnel should be its ends, and a dead end must be found some day. */
export const KEEP_ALIVE_AFTER = 60_000;

/** Connections to the outside that are being made, or wait for their other half, at one time: whoever
 * asks for one may be gone long before, and no longer counts as a connection. */
export const MAX_DIALS = 2048;

/** Connections from inside at one time; further ones are closed at once. */
export const MAX_CONNECTIONS = 8192;
