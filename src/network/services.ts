import type { Socket } from 'node:net';
import type { EventSink } from '../events.ts';
import type { Policy } from '../policy/policy.ts';
import { createDestinations, type Resolve } from './destination.ts';
import { createHttpProxy } from './http-proxy.ts';
import { serveSocks5 } from './socks5.ts';

/** What the gate does with a connection of each kind. */
export interface GateServices {
  http(socket: Socket): void;
  socks(socket: Socket): void;
}

/** The services of one sandbox: one policy, one decider, whatever the protocol. */
export function createServices(
  policy: Policy,
  sink: EventSink,
  resolve: Resolve | undefined,
): GateServices {
  const destinations = createDestinations(policy, sink, resolve);
  return {
    http: createHttpProxy(destinations),
    socks: (socket) => {
      serveSocks5(destinations, socket).catch(() => socket.destroy());
    },
  };
}
