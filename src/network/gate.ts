import { createServer, type Server, type Socket } from 'node:net';
import type { EventSink } from '../events.ts';
import type { Policy } from '../policy/policy.ts';
import type { Resolve } from './destination.ts';
import type { GateServices } from './services.ts';

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
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  /* Loaded at the first connection: most starts never need it and none should wait for it. */
  let services: Promise<GateServices> | null = null;

  const accept = (service: GateService, socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    services ??= import('./services.ts').then(({ createServices }) =>
      createServices(policy, sink, options.resolve),
    );
    services.then((ready) => ready[service](socket)).catch(() => socket.destroy());
  };

  return {
    serve(service, handle) {
      /* Half-open, because a client may finish sending long before it has read the answer. */
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        accept(service, socket),
      );
      server.listen(handle as object);
      servers.push(server);
    },
    close() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
