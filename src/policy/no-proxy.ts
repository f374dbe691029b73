import { BlockList } from 'node:net';
import { type Host, parseHost } from './host-name.ts';

/** One entry of noProxy or NO_PROXY: what is reached without the proxy. */
export interface NoProxyEntry {
  /** A name stands for those below it too. null matches every host. */
  host: Host | null;
  /** The addresses of a range such as 10.0.0.0/8, in the place of `host`. */
  range: BlockList | null;
  /** null matches every port. */
  port: number | null;
}

/** Reads one entry as curl and Go do: `*`, `example.com`, `.example.com` or `*.example.com` (all
 * three mean the name and those below it), an address, a range, each but the last with an
 * optional `:port`. Null when it is none of these. */
export function parseNoProxyEntry(typed: string): NoProxyEntry | null {
  if (typed === '*') return { host: null, range: null, port: null };
  if (typed.includes('/')) return parseRange(typed);
  const split = /^(\[[^[\]]*\]|[^:]+)(?::(\d{1,5}))?$/.exec(typed);
  const name = (split?.[1] ?? typed).replace(/^\*?\./, '');
  const host = parseHost(name);
  if (!host) return null;
  const port = split?.[2] === undefined ? null : Number(split[2]);
  return port !== null && (port < 1 || port > 65535) ? null : { host, range: null, port };
}

function parseRange(typed: string): NoProxyEntry | null {
  const [, text = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(typed) ?? [];
  const base = parseHost(text);
  if (!base || base.kind === 'name' || Number(bits) > (base.kind === 'ipv4' ? 32 : 128))
    return null;
  const range = new BlockList();
  range.addSubnet(base.text, Number(bits), base.kind);
  return { host: null, range, port: null };
}

/** The entries of a list that commas or spaces separate, and the first that is none. */
export function parseNoProxy(text: string): { entries: NoProxyEntry[]; odd: string | null } {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const parsed = words.map((word) => parseNoProxyEntry(word));
  const odd = words.find((_word, index) => parsed[index] === null) ?? null;
  return { entries: parsed.filter((entry) => entry !== null), odd };
}

/** Names are compared as names: what they resolve to is the proxy's business. */
export function matchesNoProxy(entry: NoProxyEntry, host: Host, port: number): boolean {
  if (entry.port !== null && entry.port !== port) return false;
  if (entry.range) return host.kind !== 'name' && entry.range.check(host.text, host.kind);
  if (entry.host === null) return true;
  if (entry.host.kind !== host.kind) return false;
  if (entry.host.text === host.text) return true;
  return host.kind === 'name' && host.text.endsWith(`.${entry.host.text}`);
}
