import { createServer, type Server, type Socket } from 'node:net';
import type { EventSink } from '../events.ts';
import type { Policy } from '../policy/policy.ts';
import { createDestinations, type Resolve } from './destination.ts';
import { serveSocks5 } from './socks5.ts';

export type GateService = 'http' | 'socks';

/** The gate on the host: everything that leaves the sandbox comes through here. */
export interface Gate {
  /** Serves a listener that was made inside the sandbox; `handle` is what net's listen takes. */
  serve(service: GateService, handle: unknown): void;
  /** Ends every connection and listener. */
  close(): void;
}

export interface GateOptions {
  resolve?: Resolve;
}

export function createGate(policy: Policy, sink: EventSink, options: GateOptions = {}): Gate {
  const destinations = createDestinations(policy, sink, options.resolve);
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let httpProxy: Promise<{ emit(event: 'connection', socket: Socket): boolean }> | null = null;

  const accept = (service: GateService, socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (service === 'socks') {
      void serveSocks5(destinations, socket);
      return;
    }
    /* Loaded at the first connection: most starts never need it and none should wait for it. */
    httpProxy ??= import('./http-proxy.ts').then((m) => m.createHttpProxy(destinations));
    void httpProxy.then((server) => server.emit('connection', socket));
  };

  return {
    serve(service, handle) {
      /* Half-open, because a client may finish sending long before it has read the answer. */
      const server = createServer({ allowHalfOpen: true }, (socket) => accept(service, socket));
      server.listen(handle as object);
      servers.push(server);
    },
    close() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
