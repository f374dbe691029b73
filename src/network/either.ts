import type { Socket } from 'node:net';
import { onFirstData } from './first-data.ts';
import { VERSION } from './socks/socks5-wire.ts';

/** Serves SOCKS5 and HTTP on one port: no request of HTTP begins with SOCKS5's version. */
export function serveEither(
  http: (socket: Socket) => void,
  socks: (socket: Socket) => void,
): (socket: Socket) => void {
  return (socket) =>
    onFirstData(socket, (first) => {
      socket.unshift(first);
      if (first[0] === VERSION) socks(socket);
      else http(socket);
      socket.resume();
    });
}
