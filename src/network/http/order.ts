import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answers that a connection still owes, in the order of its requests. */
const owed = new WeakMap<Socket, ServerResponse[]>();

export function noteRequest(socket: Socket, response: ServerResponse): void {
  const list = owed.get(socket) ?? [];
  owed.set(socket, list);
  list.push(response);
  response.once('close', () => list.splice(list.indexOf(response), 1));
}

/** Waits for the answers to what a client sent before a CONNECT or an upgrade on the same
 * connection (RFC 9112 9.3.2). Node's parser has let go of it by then, and no longer tells the
 * answer that is under way that the client has read. */
export async function earlierAnswers(socket: Socket): Promise<void> {
  const list = owed.get(socket) ?? [];
  const onDrain = () => list[0]?.emit('drain');
  socket.on('drain', onDrain);
  while (list[0]) {
    const first = list[0];
    await new Promise((resolve) => first.once('close', resolve));
  }
  socket.off('drain', onDrain);
}
