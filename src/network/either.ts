import type { Socket } from 'node:net';
import { HANDSHAKE_TIMEOUT } from './limits.ts';
import { VERSION } from './socks/socks5-wire.ts';

/** Serves SOCKS5 and HTTP on one port: no request of HTTP begins with SOCKS5's version. */
export function serveEither(
  http: (socket: Socket) => void,
  socks: (socket: Socket) => void,
): (socket: Socket) => void {
  return (socket) => {
    const gone = () => socket.destroy();
    socket.on('error', gone);
    socket.setTimeout(HANDSHAKE_TIMEOUT);
    socket.once('timeout', gone).once('end', gone);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.off('timeout', gone).off('end', gone);
      socket.unshift(first);
      if (first[0] === VERSION) socks(socket);
      else http(socket);
      socket.resume();
    });
  };
}
