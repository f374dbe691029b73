import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { UpstreamProxy } from '../../policy/proxy-url.ts';

/* Node's own limit, not to be widened by an option of the command line. */
const MAX_HEAD = 16 * 1024;

/** Asks an HTTP proxy for a tunnel to `authority` (RFC 9110 9.3.6) over a socket to it, which may
 * still be connecting. Rejects with the code "HTTP 407" and so on for an answer that is none of
 * 200 to 299, EMSGSIZE for a head of more than 16 KiB, EPROTO for what is not HTTP. */
export function openTunnel(
  socket: Socket,
  proxy: UpstreamProxy,
  authority: string,
): Promise<Socket> {
  const credentials = authorization(proxy);
  const asked = request({
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...(credentials && { 'proxy-authorization': credentials }) },
    createConnection: () => socket,
    maxHeaderSize: MAX_HEAD,
  });
  return new Promise((resolve, reject) => {
    asked.on('connect', ({ statusCode = 0 }: IncomingMessage, _socket: Socket, early: Buffer) => {
      if (statusCode < 200 || statusCode > 299) {
        reject(failure(`HTTP ${statusCode}`, 'the proxy refused'));
        return;
      }
      /* A server that speaks first may have done so already. */
      if (early.length > 0) socket.unshift(early);
      resolve(socket);
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      if (code === 'HPE_HEADER_OVERFLOW') reject(failure('EMSGSIZE', code));
      else reject(code.startsWith('HPE_') ? failure('EPROTO', code) : error);
    });
    asked.end();
  });
}

/** RFC 7617 in UTF-8, which is what proxies that say so expect. */
function authorization({ credentials }: UpstreamProxy): string | null {
  const known = credentials();
  if (!known) return null;
  return `Basic ${Buffer.from(`${known.user}:${known.password}`).toString('base64')}`;
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

const REQUEST_LINE = /^(\S+) (\/\S*) HTTP\/1\.1\r\n/;

/** Makes a socket to an HTTP proxy one for a plain request to `authority`: the head, which Node
 * writes first and in one piece, gets the absolute form (RFC 9112 3.2.2). As curl does it and not
 * by a tunnel, because most proxies open tunnels to port 443 alone (Squid's Safe_ports). The host
 * is the one that was judged; and the connection is closed after one request, so that nothing
 * that follows can be taken for a second one, to somewhere else. */
export function sendThrough(socket: Socket, proxy: UpstreamProxy, authority: string): Socket {
  const credentials = authorization(proxy);
  const write = socket.write;
  const writeHead = (head: unknown, ...rest: unknown[]): boolean => {
    socket.write = write;
    const line = typeof head === 'string' ? REQUEST_LINE.exec(head) : null;
    if (typeof head !== 'string' || !line) {
      socket.destroy(failure('EPROTO', 'no head of a request'));
      return false;
    }
    const end = head.indexOf('\r\n\r\n');
    const fields = head.slice(line[0].length, end).replace(/^connection:.*\r?\n?/gim, '');
    const own = credentials ? `Proxy-Authorization: ${credentials}\r\n` : '';
    const first = `${line[1]} http://${authority}${line[2]} HTTP/1.1\r\nConnection: close\r\n${own}`;
    const text = `${first}${fields.replace(/\r\n$/, '')}${head.slice(end)}`;
    return write.apply(socket, [text, ...rest] as unknown as Parameters<typeof write>);
  };
  socket.write = writeHead as typeof write;
  return socket;
}
