import type { Socket } from 'node:net';
import { HANDSHAKE_TIMEOUT } from './limits.ts';

/** Calls `handle` with what a client says first, on a paused socket; one that says nothing in time, or
 * ends before, is closed. `gone` closes it. */
export function onFirstData(
  socket: Socket,
  handle: (first: Buffer, gone: () => void) => void,
): void {
  const gone = () => socket.destroy();
  socket.on('error', gone);
  socket.setTimeout(HANDSHAKE_TIMEOUT);
  socket.once('timeout', gone).once('end', gone);
  socket.once('data', (first: Buffer) => {
    socket.pause();
    socket.setTimeout(0);
    socket.off('timeout', gone).off('end', gone);
    handle(first, gone);
  });
}
