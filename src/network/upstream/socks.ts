import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import type { UpstreamProxy } from '../../policy/proxy-url.ts';

/** Asks a SOCKS5 (RFC 1928, 1929) or SOCKS4a proxy for a connection, over a socket that is
 * connected to it. A name is sent as a name. Rejects with "SOCKS HostUnreachable" and so on for a
 * refusal, EPROTO for what is not SOCKS. */
export async function openSocks(
  socket: Socket,
  proxy: UpstreamProxy,
  host: string,
  port: number,
  timeout: number,
): Promise<Socket> {
  const credentials = proxy.credentials();
  /* The library waits for a close, which a half-open socket does not come to by itself. */
  const ended = () => socket.destroy();
  socket.once('end', ended);
  try {
    await SocksClient.createConnection({
      proxy: {
        host: proxy.host.text,
        port: proxy.port,
        type: proxy.protocol === 'socks4' ? 4 : 5,
        ...(credentials && { userId: credentials.user, password: credentials.password }),
      },
      command: 'connect',
      destination: { host, port },
      existing_socket: socket,
      timeout,
    });
  } catch (error) {
    /* The library's error holds its options, and so the password: it goes no further. */
    throw Object.assign(new Error('the SOCKS proxy refused'), { code: codeOf(error) });
  } finally {
    socket.off('end', ended);
  }
  await keepEarlyBytes(socket);
  return socket;
}

/** What came right behind the reply: the library emits it in the next turn, whether or not anybody
 * listens by then, and lets the socket flow. */
async function keepEarlyBytes(socket: Socket): Promise<void> {
  const early: Buffer[] = [];
  const keep = (chunk: Buffer) => early.push(chunk);
  socket.on('data', keep);
  await new Promise<void>((done) => {
    socket.once('resume', () => {
      socket.pause();
      done();
    });
  });
  socket.off('data', keep);
  /* As fresh, neither flowing nor paused, as Node's own HTTP hands over a tunnel: whoever listens
   * next starts it. */
  (socket as { readableFlowing: boolean | null }).readableFlowing = null;
  if (early.length > 0) socket.unshift(Buffer.concat(early));
}

function codeOf(error: unknown): string {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  if (/timed out/i.test(message)) return 'ETIMEDOUT';
  if (/socket closed/i.test(message)) return 'ECONNRESET';
  if (/authentication (failed|type)/i.test(message)) return 'SOCKS authentication failed';
  const reply = /rejected connection - \(?(\w+)/i.exec(message)?.[1];
  return reply ? `SOCKS ${reply}` : 'EPROTO';
}
