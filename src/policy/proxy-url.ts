import { type Host, parseHost } from './host-name.ts';

export interface ProxyCredentials {
  user: string;
  password: string;
}

/** A proxy through which connections leave. */
export interface UpstreamProxy {
  protocol: 'http' | 'https' | 'socks4' | 'socks5';
  host: Host;
  port: number;
  /** For the proxy alone. A function, so that no dump of a policy or an event shows them. */
  credentials(): ProxyCredentials | null;
}

/* With socks4 and socks5 the existing tools differ over who resolves names. Here it is always the
 * proxy. */
const PROTOCOLS: Readonly<Record<string, UpstreamProxy['protocol']>> = {
  http: 'http',
  https: 'https',
  socks: 'socks5',
  socks4: 'socks4',
  socks4a: 'socks4',
  socks5: 'socks5',
  socks5h: 'socks5',
};

const PORTS = { http: 80, https: 443, socks4: 1080, socks5: 1080 } as const;

/* The user information ends at the last @, because passwords are seldom escaped as they should be. */
const PROXY_URL =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?(\[[^[\]]*\]|[^:/?#@[\]]+)(?::(\d{1,5}))?\/?$/is;

/** Reads `scheme://user:password@host:port`; without a scheme it is HTTP. Returns a sentence that
 * says what is wrong when it is none, and never quotes what may be a password. */
export function parseProxyUrl(typed: string): UpstreamProxy | { problem: string } {
  const parts = PROXY_URL.exec(typed.trim());
  if (!parts) return { problem: 'is not the URL of a proxy, scheme://user:password@host:port' };
  const [, scheme = 'http', userInfo, hostText = '', portText] = parts;
  const protocol = PROTOCOLS[scheme.toLowerCase()];
  if (!protocol) return { problem: 'has a scheme other than http, https, socks4 and socks5' };
  const host = parseHost(hostText);
  if (!host) return { problem: 'has no host name or address of a proxy' };
  const port = portText === undefined ? PORTS[protocol] : Number(portText);
  if (port < 1 || port > 65535) return { problem: 'has a port outside 1-65535' };
  const credentials = userInfo === undefined ? null : parseUserInfo(userInfo, protocol);
  if (credentials && 'problem' in credentials) return credentials;
  return { protocol, host, port, credentials: () => credentials };
}

/** `user:password`, each percent-decoded (RFC 3986 3.2.1), within what the protocol can carry. */
function parseUserInfo(
  text: string,
  protocol: UpstreamProxy['protocol'],
): ProxyCredentials | { problem: string } {
  const colon = text.indexOf(':');
  const [user, password] = [
    decode(colon === -1 ? text : text.slice(0, colon)),
    decode(colon === -1 ? '' : text.slice(colon + 1)),
  ];
  if (user === null || password === null)
    return { problem: 'has a % in its user or password that is not an escape; write %25' };
  if (`${user}${password}`.includes('\0')) return { problem: 'has a NUL byte in its credentials' };
  if (protocol.startsWith('http')) {
    /* RFC 7617 2: the first colon ends the user. */
    if (user.includes(':')) return { problem: 'has a colon in its user, which HTTP cannot carry' };
  } else if (Buffer.byteLength(user) > 255 || Buffer.byteLength(password) > 255) {
    return { problem: 'has a user or password of more than 255 bytes (RFC 1929 2)' };
  }
  return { user, password };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** `http://proxy.example.com:8080`, for messages: without the credentials. */
export function describeProxy({ protocol, host, port }: UpstreamProxy): string {
  const name = host.kind === 'ipv6' ? `[${host.text}]` : host.text;
  return `${protocol}://${name}:${port}`;
}
