import type { Host } from './host-name.ts';
import { isLocalAddress } from './local-address.ts';
import { matchesNoProxy, type NoProxyEntry, parseNoProxy } from './no-proxy.ts';
import { parseProxyUrl, type UpstreamProxy } from './proxy-url.ts';

/** The proxies that connections leave through. */
export interface Upstream {
  /** For plain http:// requests and port 80, and for everything else. null: none. */
  http: UpstreamProxy | null;
  https: UpstreamProxy | null;
  noProxy: readonly NoProxyEntry[];
}

/** Proxies as somebody wrote them; an empty text is no proxy. */
export interface ProxyTexts {
  http?: string;
  https?: string;
  /** For what `http` and `https` leave open. */
  all?: string;
  noProxy?: string;
}

export type ProxyKey = keyof ProxyTexts;

/** The variables as curl reads them: lower case first, an empty one is none. HTTP_PROXY does not
 * count in a CGI program, whose clients can set it by a `Proxy:` header (httpoxy). */
export function proxyVariables(environment: Readonly<Record<string, string | undefined>>): {
  texts: ProxyTexts;
  /** Which variable a text is from. */
  names: Partial<Record<ProxyKey, string>>;
} {
  const texts: ProxyTexts = {};
  const names: Partial<Record<ProxyKey, string>> = {};
  for (const key of ['http', 'https', 'all', 'noProxy'] as const) {
    const lower = key === 'noProxy' ? 'no_proxy' : `${key}_proxy`;
    const upper = lower.toUpperCase();
    const spellings = key === 'http' && environment.REQUEST_METHOD ? [lower] : [lower, upper];
    const name = spellings.find((spelling) => environment[spelling]);
    if (name === undefined) continue;
    texts[key] = environment[name] ?? '';
    names[key] = name;
  }
  return { texts, names };
}

/** Texts to proxies; null when there is none. Like the existing srt, and unlike curl, https falls
 * back to http: where one is needed so is the other. On a fault: which text, and a sentence. */
export function parseUpstream(
  texts: ProxyTexts,
): Upstream | null | { key: ProxyKey; problem: string } {
  const proxies = new Map<ProxyKey, UpstreamProxy>();
  for (const key of ['http', 'https', 'all'] as const) {
    if (!texts[key]) continue;
    const proxy = parseProxyUrl(texts[key]);
    if ('problem' in proxy) return { key, problem: proxy.problem };
    proxies.set(key, proxy);
  }
  if (proxies.size === 0) return null;
  const pick = (key: ProxyKey): UpstreamProxy | null =>
    texts[key] === '' ? null : (proxies.get(key) ?? proxies.get('all') ?? null);
  const http = pick('http');
  const noProxy = parseNoProxy(texts.noProxy ?? '').entries;
  return { http, https: texts.https === '' ? null : (pick('https') ?? http), noProxy };
}

/** The proxy for a destination, or null where it is reached directly. What is this machine's own
 * (`own` are its addresses and its name) never goes through a proxy, which would take it for
 * its own. `plain` is an http:// request. */
export function chooseUpstream(
  upstream: Upstream | null | undefined,
  host: Host,
  port: number,
  { own = [], plain = port === 80 }: { own?: readonly string[]; plain?: boolean } = {},
): UpstreamProxy | null {
  if (!upstream) return null;
  const proxy = plain ? upstream.http : upstream.https;
  if (!proxy || isOwn(host, own)) return null;
  return upstream.noProxy.some((entry) => matchesNoProxy(entry, host, port)) ? null : proxy;
}

function isOwn({ kind, text }: Host, own: readonly string[]): boolean {
  if (own.includes(text)) return true;
  if (kind === 'name') return text === 'localhost' || text.endsWith('.localhost');
  return isLocalAddress(text);
}
