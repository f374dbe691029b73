/* Servers, clients and the gate itself on loopback. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { SandboxEvent } from '../../../src/events.ts';
import type * as gateModule from '../../../src/network/gate.ts';
import { parseUpstream } from '../../../src/policy/upstream.ts';
import { loadBundled } from '../bundled.ts';
import { domains, networkPolicy } from '../rules.ts';

const { createGate } = loadBundled<typeof gateModule>('src/network/gate.ts');

export async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  server.listen(0, address);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that keeps no process alive and no connection after `close`. */
export interface Upstream {
  port: number;
  connections: Socket[];
  first: Promise<Socket>;
  close(): void;
}

export async function upstream(
  serve: (socket: Socket) => void,
  address?: string,
): Promise<Upstream> {
  const connections: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.push(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  const first = once(server, 'connection').then(([socket]) => socket as Socket);
  return {
    port: await listen(server, address),
    connections,
    first,
    close: () => {
      server.close();
      for (const socket of connections) socket.destroy();
    },
  };
}

/** Sends back what it gets, and ends when the client has. */
export const echo = () => upstream((socket) => socket.pipe(socket));

/** A port that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

export interface GateUnderTest {
  http: number;
  socks: number;
  events: SandboxEvent[];
  /** Replaces the lists. */
  allow(...entries: string[]): void;
  close(): void;
}

/** A gate that serves two listeners as it does those from inside a sandbox: by their handle. */
export async function gate(
  entries: string[],
  resolve?: (name: string) => Promise<string[]>,
  parentProxy = '',
): Promise<GateUnderTest> {
  const upstream = parseUpstream({ all: parentProxy });
  if (upstream && 'problem' in upstream) throw new Error(upstream.problem);
  const policy = { ...networkPolicy(...entries), upstream };
  const events: SandboxEvent[] = [];
  const options = resolve ? { resolve } : {};
  const { serve, close, setDomains } = createGate(policy, (e) => events.push(e), options);
  const ports = { http: 0, socks: 0 };
  for (const service of ['http', 'socks'] as const) {
    const server = createServer() as Server & { _handle: unknown };
    ports[service] = await listen(server);
    serve({ service, kind: 'tcp', port: ports[service] }, server._handle);
    server._handle = null;
  }
  const allow = (...now: string[]) => setDomains(domains(...now));
  return { ...ports, events, close, allow };
}

/** A client that may end its side and still read. */
export async function client(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** All that arrives until the other side ends. The side of this socket stays open. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.readableEnded) await once(socket, 'end');
  return Buffer.concat(chunks);
}

/** Sends `bytes` and returns all that comes back until the other side ends. */
export async function ask(
  port: number,
  bytes: string | Buffer,
  { end = false } = {},
): Promise<string> {
  const socket = await client(port);
  socket.write(bytes);
  if (end) socket.end();
  const answer = await readAll(socket);
  socket.destroy();
  return answer.toString();
}

/** Reads exactly `length` bytes. */
export function take(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error(`closed before ${length} bytes`));
    const attempt = () => {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes?.length !== length) return;
      socket.off('readable', attempt).off('close', closed).off('end', closed);
      resolve(bytes);
    };
    socket.on('readable', attempt).on('close', closed).on('end', closed);
    attempt();
  });
}
