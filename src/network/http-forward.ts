import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
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
  shared ??= createProxyServer();
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

/** An agent that has one socket and makes no other. */
function agentFor(socket: Socket): Agent {
  const agent = new Agent({ maxSockets: 1 });
  Object.assign(agent, { createConnection: () => socket });
  return agent;
}
