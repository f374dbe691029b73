import type { Socket } from 'node:net';

/** Joins two sockets until both directions have ended. Each half closes by itself, as TCP does,
 * and an error on either side resets the other. */
export function pipeBoth(one: Socket, other: Socket): void {
  join(one, other);
  join(other, one);
}

export const joinTunnel = pipeBoth;

function join(from: Socket, to: Socket): void {
  from.setTimeout(0);
  from.on('error', () => to.destroy());
  from.on('close', () => {
    /* After a clean end `to` may still be writing out what `from` sent; pipe has ended it. */
    if (!from.readableEnded || !from.writableFinished) to.destroy();
  });
  from.pipe(to);
}
