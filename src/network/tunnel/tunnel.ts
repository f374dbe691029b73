import type { Socket } from 'node:net';
import { FLUSH_TIMEOUT, KEEP_ALIVE_AFTER } from '../limits.ts';
import type { FirstBytes } from './client-hello.ts';
import { holdFirstBytes } from './first-bytes.ts';
import { sayLast } from './last-words.ts';
import { pour } from './pour.ts';

export interface TunnelOptions {
  /** What the client sent behind its request for the tunnel. */
  early?: Buffer;
  /** Whether what begins like this may pass; asked once at most, and not where that is no TLS. */
  mayPass(first: FirstBytes): boolean;
}

/** A fatal alert, access_denied (RFC 8446 6.2), in a record of its own. */
const ACCESS_DENIED = Buffer.from([21, 3, 3, 0, 2, 2, 49]);

/** Joins two sockets until both directions have ended. Each half closes by itself, as TCP does,
 * and an error on either side resets the other. Nothing of a ClientHello goes out before it may;
 * the direction to the inside never waits, because in many protocols the server speaks first. */
export function joinTunnel(inside: Socket, outside: Socket, options: TunnelOptions): void {
  /* One that went while the other was dialled says so no more. */
  if (inside.destroyed || outside.destroyed) {
    outside.destroy();
    inside.resetAndDestroy();
    return;
  }
  /* Set when the inside is still to be told something, and the end of the outside is no news. */
  let telling = false;
  inside.setTimeout(0);
  outside.setTimeout(0);
  outside.setKeepAlive(true, KEEP_ALIVE_AFTER);
  inside.on('error', () => outside.resetAndDestroy());
  inside.on('close', () => {
    if (!endedWell(inside)) outside.destroy();
    else outside.setTimeout(FLUSH_TIMEOUT, () => outside.resetAndDestroy());
  });
  outside.on('error', () => {
    if (telling) return;
    telling = true;
    /* An origin may answer, and reset because it does not want the rest of the question. */
    if (inside.writableLength === 0) inside.resetAndDestroy();
    else inside.write('', () => inside.resetAndDestroy());
  });
  outside.on('close', () => {
    if (!telling && !endedWell(outside)) inside.destroy();
  });

  pour(outside, inside);
  holdFirstBytes(inside, options.early, (first, held) => {
    if (first.state === 'not-tls' || options.mayPass(first)) {
      for (const bytes of held) outside.write(bytes);
      pour(inside, outside);
      return;
    }
    telling = true;
    outside.destroy();
    sayLast(inside, ACCESS_DENIED);
  });
}

/** Then the other side may still be writing out what came; pour has ended it. */
function endedWell(socket: Socket): boolean {
  return socket.readableEnded && socket.writableFinished;
}
