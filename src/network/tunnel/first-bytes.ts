import type { Socket } from 'node:net';
import { CLIENT_HELLO_TIMEOUT } from '../limits.ts';
import { createHelloReader, type FirstBytes } from './client-hello.ts';

/** Reads from a socket until it is clear what comes, and then gives all that was read, untouched,
 * and leaves the rest to others. An end or a long silence in the middle of a ClientHello makes it
 * malformed; no byte at all is no TLS, and has no time limit. */
export function holdFirstBytes(
  socket: Socket,
  early: Buffer | undefined,
  done: (first: FirstBytes, held: readonly Buffer[]) => void,
): void {
  const held: Buffer[] = [];
  let read: ReturnType<typeof createHelloReader> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let clear = false;

  const finish = (first: FirstBytes) => {
    clear = true;
    socket.off('data', take).off('end', end).off('close', stop);
    stop();
    done(first, held);
  };
  const stop = () => {
    if (timer) clearTimeout(timer);
  };
  const end = () => finish({ state: held.length === 0 ? 'not-tls' : 'malformed' });
  const take = (chunk: Buffer) => {
    held.push(chunk);
    read ??= createHelloReader();
    const first = read(chunk);
    if (first.state !== 'need') finish(first);
    else timer ??= setTimeout(finish, CLIENT_HELLO_TIMEOUT, { state: 'malformed' });
  };

  socket.on('data', take).on('end', end).on('close', stop);
  if (early && early.length > 0) take(early);
  if (clear) return;
  if (socket.readableEnded) end();
  else socket.resume();
}
