import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { errnoOf } from '../../errors.ts';
import type { Host } from '../../policy/host-name.ts';
import type { UpstreamProxy } from '../../policy/proxy-url.ts';
import { openTunnel, sendThrough } from './http.ts';
import { openSocks } from './socks.ts';
import { trusted } from './trusted.ts';

/* For all of it, from the proxy's name to its answer: it connects to the destination meanwhile. */
const TIMEOUT_MS = 30_000;

export interface UpstreamOptions {
  /** The socket is for one http:// request, not for a tunnel. */
  plain?: boolean;
  timeout?: number;
}

/** Connects to a destination through a proxy, which is given the name and resolves it. Rejects
 * with a `code`: an errno, a TLS error, or what the proxy answered ("HTTP 407"). */
export async function dialUpstream(
  proxy: UpstreamProxy,
  host: Host,
  port: number,
  { plain = false, timeout = TIMEOUT_MS }: UpstreamOptions = {},
): Promise<Socket> {
  if (proxy.protocol === 'socks4' && host.kind === 'ipv6') throw failure('EAFNOSUPPORT');
  const socket = reach(proxy);
  const timer = setTimeout(() => socket.destroy(failure('ETIMEDOUT')), timeout);
  /* Between two steps, and before the caller does, nobody else listens, and an error would end
   * srt. What follows an error is a close, which everybody listens to. */
  socket.on('error', () => {});
  try {
    await connected(socket, proxy.protocol === 'https' ? 'secureConnect' : 'connect');
    return await ask(socket, proxy, host, port, { plain, timeout });
  } catch (error) {
    socket.destroy();
    throw errnoOf(socket.errored) === 'ETIMEDOUT' ? socket.errored : error;
  } finally {
    clearTimeout(timer);
  }
}

function connected(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    /* In the middle of a TLS handshake a proxy may end without an error. */
    const ended = () => reject(failure('ECONNRESET'));
    socket.once('close', ended).once('end', ended);
  });
}

function ask(
  socket: Socket,
  proxy: UpstreamProxy,
  host: Host,
  port: number,
  { plain, timeout }: Required<UpstreamOptions>,
): Promise<Socket> | Socket {
  if (proxy.protocol.startsWith('socks')) return openSocks(socket, proxy, host.text, port, timeout);
  const name = host.kind === 'ipv6' ? `[${host.text}]` : host.text;
  if (!plain) return openTunnel(socket, proxy, `${name}:${port}`);
  return sendThrough(socket, proxy, port === 80 ? name : `${name}:${port}`);
}

/** Half-open, as a direct connection is: either side may finish sending first. */
function reach({ protocol, host, port }: UpstreamProxy): Socket {
  const to = { host: host.text, port, allowHalfOpen: true, autoSelectFamily: true, noDelay: true };
  if (protocol !== 'https') return connect(to);
  const servername = host.kind === 'name' ? { servername: host.text } : {};
  const secureContext = trusted();
  const trust = secureContext ? { secureContext } : {};
  const secure = connectTls({ ...to, ...servername, ...trust, ALPNProtocols: ['http/1.1'] });
  /* Node throws for a reset of TLS, and whoever joins two sockets resets without looking. */
  secure.resetAndDestroy = () => secure.destroy();
  return secure;
}

function failure(code: string): Error {
  return Object.assign(new Error(`the proxy: ${code}`), { code });
}
