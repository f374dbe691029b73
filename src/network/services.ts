import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import type { Inside } from '../boundary.ts';
import type { EventSink } from '../events.ts';
import type { Forward } from '../policy/forward.ts';
import { decideName } from '../policy/network-decision.ts';
import type { Policy } from '../policy/policy.ts';
import { createDestinations } from './destination.ts';
import { createNamePool } from './dns/name-pool.ts';
import { createNameService } from './dns/name-service.ts';
import { serveDnsTcp, serveDnsUdp } from './dns/server.ts';
import { serveEither } from './either.ts';
import { forwardToHost, publish } from './forward.ts';
import type { Guard } from './guard.ts';
import { createHttpProxy } from './http/proxy.ts';
import { nameDestinations } from './named-destinations.ts';
import { type Resolve, resolveAbsolute } from './resolver.ts';
import { serveSocks5 } from './socks/socks5.ts';
import { createTransparent, type Transparent } from './transparent.ts';
import { createJoin } from './tunnel/join.ts';
import { existsBehindProxy } from './upstream/choice.ts';

/** What the gate does with a connection of each kind. */
export interface GateServices extends Omit<Transparent, 'serve'> {
  http(socket: Socket): void;
  socks(socket: Socket): void;
  /** Whichever of the two it turns out to be. */
  either(socket: Socket): void;
  transparent(socket: Socket): void;
  dns(socket: Socket): void;
  datagrams(socket: DatagramSocket): Promise<void>;
  /** A connection to this port of the sandbox's, which network.forward names. */
  forward(socket: Socket, port: number): void;
  publish(forward: Forward, track: (socket: Socket) => void): Promise<Server>;
  /** Cuts the connections that the policy refuses by now. */
  recheck(): void;
}

export interface ServicesOptions {
  resolve?: Resolve;
  inside: Promise<Inside>;
  /** Whom the proxies ask who it is. */
  guard?: Guard;
}

/** The services of one sandbox: one policy, one decider, whatever the protocol. */
export function createServices(
  policy: Policy,
  sink: EventSink,
  { resolve = resolveAbsolute, inside, guard }: ServicesOptions,
): GateServices {
  const pool = createNamePool();
  const destinations = nameDestinations(createDestinations(policy, sink, resolve), pool);
  const exists = existsBehindProxy(policy, resolve);
  /* Programs ask for names once they run; by then it is known what their sandbox has. */
  const names = inside.then(({ ipv6 }) =>
    createNameService((name) => decideName(policy.domains, name), exists, pool, ipv6, sink),
  );
  const join = createJoin(destinations, sink);
  const transparent = createTransparent(destinations, join);
  const http = createHttpProxy(destinations, join, guard);
  const socks = (socket: Socket) => {
    serveSocks5(destinations, join, socket, guard).catch(() => socket.destroy());
  };
  return {
    http,
    socks,
    either: serveEither(http, socks),
    recheck: destinations.recheck,
    transparent: transparent.serve,
    ask: transparent.ask,
    connecting: transparent.connecting,
    dns: (socket) => {
      names.then((service) => serveDnsTcp(service, socket));
    },
    datagrams: (socket) => names.then((service) => serveDnsUdp(service, socket)),
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
