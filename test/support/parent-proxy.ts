/* A corporate proxy in a test: it reaches nothing and says what it was asked for. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface ParentProxy {
  port: number;
  /** "CONNECT example.com:443", "GET http://example.com/". */
  asked: string[];
  close(): Promise<void>;
}

interface Options {
  /** `user:password` that it demands. */
  credentials?: string;
  /** PEM, to be reached by TLS. */
  tls?: { key: string; cert: string };
}

/** Answers each request, and each first request in a tunnel, with `reached proxy`. */
export async function parentProxy({ credentials, tls }: Options = {}): Promise<ParentProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = tls ? createTlsServer(tls) : createServer();
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const isKnown = ({ headers }: IncomingMessage) =>
    expected === undefined || headers['proxy-authorization'] === expected;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('request', (request: IncomingMessage, response) => {
    if (!isKnown(request)) {
      response.writeHead(407).end();
      return;
    }
    asked.push(`${request.method} ${request.url}`);
    response.end('reached proxy');
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {});
    if (!isKnown(request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    asked.push(`CONNECT ${request.url}`);
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.once('data', (data: Buffer) => {
      const size = Number(/^GET \/bytes\/(\d+) /.exec(data.toString('latin1'))?.[1] ?? 0);
      if (/^GET \/reset /.test(data.toString('latin1'))) socket.destroy();
      else socket.end(`HTTP/1.1 200 OK\r\n\r\nreached proxy${'x'.repeat(size)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
