import type { Source } from './source.ts';

/** One entry of network.forward: a port of one side's loopback that leads to one of the other's. */
export interface Forward {
  /** `to-host`: the sandbox connects to `sandboxPort` and reaches the host's `hostPort`.
   * `to-sandbox`: who connects to `hostPort` on the host reaches the sandbox's `sandboxPort`. */
  direction: 'to-host' | 'to-sandbox';
  hostPort: number;
  sandboxPort: number;
  source: Source;
}

/** Ports of the sandbox's loopback that srt itself listens on: for the proxies what is common, for
 * DNS what resolvers insist on. */
export const SANDBOX_PORTS = { dns: 53, socks: 1080, http: 3128, transparent: 3129 } as const;

/** Reads `host:5432 -> 5432` and `8080 -> host:8080`. Returns a sentence that says what is wrong
 * when it is neither. */
export function parseForward(typed: string): Omit<Forward, 'source'> | { problem: string } {
  const split = /^\s*(host:)?(\d{1,5})\s*->\s*(host:)?(\d{1,5})\s*$/.exec(typed);
  if (!split || (split[1] === undefined) === (split[3] === undefined))
    return { problem: 'is neither "host:PORT -> PORT" nor "PORT -> host:PORT"' };
  const [from, to] = [Number(split[2]), Number(split[4])];
  if ([from, to].some((port) => port < 1 || port > 65535))
    return { problem: 'has a port outside 1-65535' };
  if (split[1] === undefined) return { direction: 'to-sandbox', sandboxPort: from, hostPort: to };
  if (Object.values<number>(SANDBOX_PORTS).includes(to))
    return { problem: `needs port ${to} of the sandbox, which srt itself listens on` };
  return { direction: 'to-host', hostPort: from, sandboxPort: to };
}
