import type { Agent, ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer, type ProxyServer } from 'http-proxy';
import type { HttpTarget } from './http-target.ts';

let shared: ProxyServer | null = null;

/** Forwards one request over a socket that was dialled for it. The Host header is replaced by
 * the target's authority (RFC 9112 3.2.2), so that what was judged is what the origin serves. */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  target: HttpTarget,
  socket: Socket,
): void {
  shared ??= createForwarder();
  request.url = target.path;
  request.headers.host = target.authority;
  delete request.headers['proxy-connection'];
  delete request.headers['proxy-authorization'];
  response.on('close', () => socket.destroy());
  shared.web(
    request,
    response,
    {
      target: { host: target.host, port: target.port, protocol: 'http:' },
      agent: agentFor(socket),
    },
    (error) => {
      if (response.headersSent) response.destroy(error);
      else response.writeHead(502, { connection: 'close' }).end(`srt: ${error.message}\n`);
    },
  );
}

function createForwarder(): ProxyServer {
  const proxy = createProxyServer();
  /* The library joins and normalises paths; what the client wrote is what the origin must get. */
  proxy.on('proxyReq', (outgoing, request) => {
    outgoing.path = request.url ?? '/';
  });
  /* Of the connection to the origin, which ends; the client's goes on (RFC 9110 7.6.1). */
  proxy.on('proxyRes', ({ headers }) => {
    delete headers.connection;
    delete headers['keep-alive'];
  });
  return proxy;
}

/** All of an agent that a request asks for: a socket to go out on, this one. A whole Agent would
 * be a pool of one, made and thrown away for each request. */
function agentFor(socket: Socket): Agent {
  const addRequest = (request: ClientRequest) => request.onSocket(socket);
  return { addRequest } as unknown as Agent;
}
