import type { Socket } from 'node:net';
import type { Destinations } from '../destination.ts';
import type { Join } from '../tunnel/join.ts';
import { sendRaw } from './answers.ts';
import { openFor } from './dial.ts';
import { parseAuthority } from './target.ts';

/** Serves one CONNECT (RFC 9110 9.3.6); `head` is what came behind it. */
export async function handleConnect(
  destinations: Destinations,
  join: Join,
  authority: string,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  const target = parseAuthority(authority);
  if (!target) {
    sendRaw(socket, { status: 400, body: 'srt: CONNECT needs host:port.\n' });
    return;
  }
  const opened = await openFor(destinations, 'connect', { ...target, authority });
  if ('answer' in opened) {
    sendRaw(socket, opened.answer);
  } else if (socket.destroyed) {
    opened.socket.destroy();
  } else {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    join(socket, opened.socket, opened.permission, head);
  }
}
