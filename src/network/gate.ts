import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ConnectArrival, ConnectRequest, Inside, ServedListener } from '../boundary.ts';
import type { EventSink } from '../events.ts';
import type { Policy } from '../policy/policy.ts';
import type { Guard } from './guard.ts';
import { MAX_CONNECTIONS } from './limits.ts';
import type { Resolve } from './resolver.ts';
import type { GateServices } from './services.ts';

/** The gate on the host: everything that leaves the sandbox comes through here. */
export interface Gate {
  /** Opens what network.forward publishes on this machine. Rejects with SRT_NETWORK_FORWARD. */
  open(): Promise<void>;
  /** Opens both proxies on one port of this machine's loopback, which every program can connect to:
   * so there must be a guard. Resolves with the port. */
  listen(): Promise<number>;
  /** From now on there is a sandbox to connect into. */
  started(inside: Inside): void;
  /** Serves a listener that was made inside; `handle` is what net's listen or dgram's bind takes. */
  serve(listener: ServedListener, handle: unknown): void;
  /** Decides a connect of a process inside: its errno, or 0. */
  ask(request: ConnectRequest): Promise<number>;
  connecting(arrival: ConnectArrival): void;
  /** Replaces the network lists, at once and for open connections too: one that the new lists
   * refuse is cut. */
  setDomains(domains: Policy['domains']): void;
  /** Ends every connection and listener. */
  close(): void;
}

export interface GateOptions {
  resolve?: Resolve;
  /** How many connections from inside there may be at one time. */
  maxConnections?: number;
  /** Whom the proxies ask who it is that comes. */
  guard?: Guard;
}

export function createGate(policy: Policy, sink: EventSink, options: GateOptions = {}): Gate {
  /* The one thing of a policy that changes while a command runs; whoever decides reads it here. */
  const current = { ...policy };
  const { maxConnections = MAX_CONNECTIONS } = options;
  const listeners: (Server | DatagramSocket)[] = [];
  const sockets = new Set<Socket>();
  /* Loaded at the first need: most starts never have one and none should wait for it. */
  let loading: Promise<GateServices> | null = null;
  const services = () => {
    if (!loading) {
      loading = import('./services.ts').then(({ createServices }) =>
        createServices(current, sink, { ...options, inside }),
      );
      loading.catch(({ message }: Error) =>
        sink({ type: 'notice', message: `nothing passes the gate, which cannot work: ${message}` }),
      );
    }
    return loading;
  };
  let begin: (inside: Inside) => void;
  const inside = new Promise<Inside>((resolve) => {
    begin = resolve;
  });

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };
  const accept = (socket: Socket, serve: (ready: GateServices) => void) => {
    if (sockets.size >= maxConnections) {
      socket.destroy();
      return;
    }
    track(socket);
    services()
      .then(serve)
      .catch(() => socket.destroy());
  };

  return {
    async open() {
      const published = policy.forwards.filter(({ direction }) => direction === 'to-sandbox');
      if (published.length === 0) return;
      const { publish } = await services();
      for (const forward of published) listeners.push(await publish(forward, track));
    },
    async listen() {
      if (!options.guard) throw new Error('a port of this machine needs a guard');
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        accept(socket, (ready) => ready.either(socket)),
      );
      listeners.push(server);
      server.listen({ host: '127.0.0.1', port: 0, exclusive: true });
      await once(server, 'listening');
      /* Of single connections, where there are no descriptors left. */
      server.on('error', () => {});
      return (server.address() as AddressInfo).port;
    },
    started: (running) => begin(running),
    serve({ service, kind, port }, handle) {
      if (kind === 'udp') {
        const socket = createSocket('udp4');
        listeners.push(socket);
        /* Not before somebody listens: a datagram that waits in the kernel is not lost. */
        services()
          .then(({ datagrams }) => datagrams(socket))
          .then(() => socket.bind(handle as object))
          .catch(() => {});
        return;
      }
      /* Half-open, because a client may finish sending long before it has read the answer. */
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        accept(socket, (ready) =>
          service === 'forward' ? ready.forward(socket, port) : ready[service](socket),
        ),
      );
      server.listen(handle as object);
      listeners.push(server);
    },
    async ask(request) {
      return (await services()).ask(request);
    },
    connecting(arrival) {
      services()
        .then((ready) => ready.connecting(arrival))
        .catch(() => {});
    },
    setDomains(domains) {
      current.domains = domains;
      loading?.then(({ recheck }) => recheck()).catch(() => {});
    },
    close() {
      for (const listener of listeners) listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
