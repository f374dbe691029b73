import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import type { EventSink } from '../events.ts';
import type { Forward } from '../policy/forward.ts';
import type { Policy } from '../policy/policy.ts';
import { createDestinations, type Resolve } from './destination.ts';
import { forwardToHost, type Inside, publish } from './forward.ts';
import { createHttpProxy } from './http-proxy.ts';
import { serveSocks5 } from './socks5.ts';
import { createTransparent, type Transparent } from './transparent.ts';

/** What the gate does with a connection of each kind. */
export interface GateServices extends Omit<Transparent, 'serve'> {
  http(socket: Socket): void;
  socks(socket: Socket): void;
  transparent(socket: Socket): void;
  dns(socket: Socket): void;
  datagrams(socket: DatagramSocket): void;
  /** A connection to this port of the sandbox's, which network.forward names. */
  forward(socket: Socket, port: number): void;
  publish(forward: Forward, track: (socket: Socket) => void): Promise<Server>;
}

export interface ServicesOptions {
  resolve?: Resolve;
  inside: Promise<Inside>;
}

/** The services of one sandbox: one policy, one decider, whatever the protocol. */
export function createServices(
  policy: Policy,
  sink: EventSink,
  { resolve, inside }: ServicesOptions,
): GateServices {
  const destinations = createDestinations(policy, sink, resolve);
  const transparent = createTransparent(destinations);
  return {
    http: createHttpProxy(destinations),
    socks: (socket) => {
      serveSocks5(destinations, socket).catch(() => socket.destroy());
    },
    transparent: transparent.serve,
    ask: transparent.ask,
    connecting: transparent.connecting,
    dns: (socket) => socket.destroy(),
    datagrams: () => {},
    forward(socket, port) {
      const forward = policy.forwards.find(
        ({ direction, sandboxPort }) => direction === 'to-host' && sandboxPort === port,
      );
      if (forward) forwardToHost(socket, forward);
      else socket.destroy();
    },
    publish: (forward, track) => publish(forward, async (port) => (await inside).dial(port), track),
  };
}
