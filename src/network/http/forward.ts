import {
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer, type ProxyServer } from 'http-proxy';
import type { HttpTarget } from './target.ts';

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
  if (/\bclose\b/i.test(request.headers.connection ?? '')) lastOnConnection.add(request);
  removeHopByHop(request.headers);
  request.headers.host = target.authority;
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

/** Requests after which the client wants its connection closed. */
const lastOnConnection = new WeakSet<IncomingMessage>();

/** What is about one connection only (RFC 9110 7.6.1), and what could be smuggled in by it. */
export function removeHopByHop(headers: IncomingHttpHeaders): void {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const always = ['connection', 'keep-alive', 'te', 'upgrade', 'trailer'];
  for (const name of [...always, 'proxy-connection', 'proxy-authorization', ...named]) {
    if (name !== 'transfer-encoding' && name !== 'content-length') delete headers[name];
  }
}

function createForwarder(): ProxyServer {
  const proxy = createProxyServer();
  /* The library joins and normalises paths; what the client wrote is what the origin must get. */
  proxy.on('proxyReq', (outgoing, request) => {
    outgoing.path = request.url ?? '/';
  });
  proxy.on('proxyRes', (answer, request, response) => {
    removeHopByHop(answer.headers);
    if (lastOnConnection.has(request)) answer.headers.connection = 'close';
    answer.statusMessage = '';
    if (isSendable(answer)) return;
    /* With its head sent, the library leaves the response alone. */
    response.writeHead(502, { connection: 'close' }).end('srt: the answer is not valid HTTP.\n');
    answer.destroy();
  });
  return proxy;
}

/** Node reads heads that it refuses to write, and refuses by an exception where none is caught. */
export function isSendable({ statusCode = 0, headers }: IncomingMessage, least = 200): boolean {
  if (statusCode < least || statusCode > 999) return false;
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      for (const one of [value ?? ''].flat()) validateHeaderValue(name, one);
    }
    return true;
  } catch {
    return false;
  }
}

/** All of an agent that a request asks for: a socket to go out on, this one. A whole Agent would
 * be a pool of one, made and thrown away for each request. */
export function agentFor(socket: Socket): Agent {
  const addRequest = (request: ClientRequest) => request.onSocket(socket);
  return { addRequest } as unknown as Agent;
}
