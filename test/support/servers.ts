/* Servers on the host for tests that try to reach the host: loopback only, made by the test. */
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface HttpRequestSeen {
  method: string;
  url: string;
  host: string;
}

export interface HttpServer {
  port: number;
  /** Every request that arrived: the proof of what the gate let through. */
  requests: HttpRequestSeen[];
  close(): Promise<void>;
}

/** Answers every request with `reached NAME` and, if asked to, keeps connections open. */
export async function httpServer(name: string, address = '127.0.0.1'): Promise<HttpServer> {
  const requests: HttpRequestSeen[] = [];
  const server = createHttpServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, host: headers.host ?? '' });
    response.end(`reached ${name}`);
  });
  const port = await listening(server, address);
  return {
    port,
    requests,
    close: () => {
      server.closeAllConnections();
      return closed(server);
    },
  };
}

export interface CountingServer {
  port: number;
  /** How many connections, or datagrams, arrived. */
  count(): number;
  close(): Promise<void>;
}

/** How many connections a Unix server has had until now, counted to the last: they are taken in
 * their order, and one more is made to see that all others were. */
export async function countedAt(path: string, server: CountingServer): Promise<number> {
  await new Promise((resolve) => connect(path).on('close', resolve).resume());
  return server.count();
}

/** Accepts and ends every connection. `where` is an address, or a path for a Unix socket. */
export async function streamServer(where: { address: string } | { path: string }) {
  let connections = 0;
  const server = createServer((socket: Socket) => {
    connections++;
    socket.on('error', () => {});
    socket.resume();
    socket.end('reached');
  });
  const port =
    'path' in where
      ? await listeningAt(server, where.path)
      : await listening(server, where.address);
  return { port, count: () => connections, close: () => closed(server) } satisfies CountingServer;
}

export async function datagramServer(address = '127.0.0.1'): Promise<CountingServer> {
  let datagrams = 0;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', () => {
    datagrams++;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, address, () => resolve());
  });
  return {
    port: socket.address().port,
    count: () => datagrams,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A port of loopback on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server, '127.0.0.1');
  await closed(server);
  return port;
}

function listening(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => resolve((server.address() as AddressInfo).port));
  });
}

function listeningAt(server: Server, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(0));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
