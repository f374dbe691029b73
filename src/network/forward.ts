import { connect, createServer, type Server, Socket } from 'node:net';
import { errnoOf, SrtError } from '../errors.ts';
import type { Forward } from '../policy/forward.ts';
import { describeSource } from '../policy/source.ts';
import { joinTunnel } from './tunnel/tunnel.ts';

/* A forward is the user's own wire between two ports: nothing is decided on it. */

const LOOPBACK = '127.0.0.1';

const mayPass = () => true;

/** Joins a connection that came to a port of the sandbox to the port of the host. */
export function forwardToHost(socket: Socket, { hostPort }: Forward): void {
  const host = connect({ host: LOOPBACK, port: hostPort, allowHalfOpen: true, noDelay: true });
  joinTunnel(socket, host, { mayPass });
}

/** Listens on the host for a port of the sandbox; `dial` gives a handle of a connection to it.
 * Rejects with SRT_NETWORK_FORWARD. */
export function publish(
  forward: Forward,
  dial: (port: number) => Promise<unknown>,
  track: (socket: Socket) => void,
): Promise<Server> {
  const { hostPort, sandboxPort, source } = forward;
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  server.on('connection', (outside: Socket) => {
    track(outside);
    outside.on('error', () => outside.destroy());
    dial(sandboxPort).then(
      (handle) => {
        const inside = new Socket({ handle, allowHalfOpen: true } as object);
        track(inside);
        joinTunnel(outside, inside, { mayPass });
      },
      () => outside.resetAndDestroy(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const problem = `${describeSource(source)}: port ${hostPort} of this machine cannot be opened (${errnoOf(cause)})`;
      reject(new SrtError('SRT_NETWORK_FORWARD', problem, { cause, hint: 'choose another port' }));
    });
    server.listen({ host: LOOPBACK, port: hostPort }, () => resolve(server));
  });
}
