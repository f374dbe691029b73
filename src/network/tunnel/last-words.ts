import type { Socket } from 'node:net';
import { LINGER } from '../limits.ts';

/** Ends a connection with a refusal. What the client still sends is read and dropped, because a
 * reset would overtake the refusal, and a client that does not go is put out. */
export function sayLast(socket: Socket, words: string | Buffer): void {
  socket.end(words);
  socket.resume();
  socket.setTimeout(0);
  const timer = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
}
