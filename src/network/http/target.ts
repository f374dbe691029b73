import { MAX_REQUEST_HEAD } from '../limits.ts';

export interface HttpTarget {
  host: string;
  port: number;
  /** As the client wrote it: what the Host header must say. */
  authority: string;
  /** The origin-form of the rest, byte for byte. */
  path: string;
}

/** Splits `host:port` of a CONNECT (RFC 9112 3.2.3). Null when it is something else. */
export function parseAuthority(text: string): { host: string; port: number } | null {
  const parts = /^(\[[^[\]]*\]|[^:[\]]+):(\d{1,5})$/.exec(text);
  if (!parts?.[1]) return null;
  return { host: parts[1], port: Number(parts[2]) };
}

/** Splits an absolute-form request target, `http` only. The path is cut out and never rebuilt:
 * what the client wrote is what the origin gets. Null when it is something else. */
export function parseAbsoluteForm(text: string): HttpTarget | null {
  const parts = /^http:\/\/([^/?#]*)(.*)$/is.exec(text);
  const authority = parts?.[1];
  if (!parts || !authority) return null;
  /* No port, and an empty one, mean the scheme's (RFC 3986 3.2.3). */
  const split = parseAuthority(authority.replace(/(?<=^(?:\[[^\]]*\]|[^:]*)):?$/, ':80'));
  if (!split) return null;
  const rest = parts[2] ?? '';
  return { ...split, authority, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/* A method, a target and a version, one space between them, and headers to the empty line: the
 * form in which every client writes a CONNECT. */
const CONNECT_HEAD = /^CONNECT ([!-~]+) HTTP\/1\.[01]\r\n(?:[!-~][ -~\t]*\r\n)*\r\n/;

/** A CONNECT whose head is whole in the first bytes of a connection, without the work of a full
 * HTTP parser; what follows it belongs to the tunnel, whatever its headers say of a body
 * (RFC 9110 9.3.6). Null for all else, which is the parser's to judge. */
export function readConnect(first: Buffer): { target: string; rest: Buffer } | null {
  if (first[0] !== 0x43 || first.length > MAX_REQUEST_HEAD) return null;
  const head = CONNECT_HEAD.exec(first.toString('latin1'));
  if (!head?.[1]) return null;
  return { target: head[1], rest: first.subarray(head[0].length) };
}
