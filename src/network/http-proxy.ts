import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Refusal } from '../policy/network-decision.ts';
import type { Destinations, Dialled } from './destination.ts';
import { forwardRequest } from './http-forward.ts';
import { parseAbsoluteForm, parseAuthority, readConnect } from './http-target.ts';
import type { Join } from './join.ts';
import { sayLast } from './last-words.ts';
import { explainRefusal, REFUSAL_HEADER } from './refusal.ts';

/** Serves connections that were accepted elsewhere, as an HTTP proxy: CONNECT (RFC 9110 9.3.6) and
 * requests in absolute-form (RFC 9112 3.2.2), each of which is decided by itself. */
export function createHttpProxy(destinations: Destinations, join: Join): (socket: Socket) => void {
  const server = createServer({ noDelay: true }, (request, response) => {
    handleRequest(destinations, request, response).catch(() => request.socket.destroy());
  });
  /* A long upload is not an attack; slow headers are, and keep their limit. */
  server.requestTimeout = 0;
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    handleConnect(destinations, join, request.url ?? '', socket, head).catch(() =>
      socket.destroy(),
    );
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  });
  return (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      const connect = readConnect(first);
      if (connect) {
        const { target, rest } = connect;
        handleConnect(destinations, join, target, socket, rest).catch(() => socket.destroy());
        return;
      }
      socket.unshift(first);
      server.emit('connection', socket);
      socket.resume();
    });
  };
}

async function handleConnect(
  destinations: Destinations,
  join: Join,
  authority: string,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const target = parseAuthority(authority);
  if (!target) {
    sendRaw(socket, 400, 'srt: CONNECT needs host:port.\n');
    return;
  }
  const decision = destinations.decide('connect', target.host, target.port);
  if (!decision.allowed) {
    sendRaw(socket, 403, explainRefusal(decision, destinations.policy), REFUSAL_HEADER);
    return;
  }
  const dialled = await destinations.dial('connect', decision);
  if (dialled.outcome === 'refused') {
    sendRaw(socket, 403, explainRefusal(dialled.refusal, destinations.policy), REFUSAL_HEADER);
  } else if (dialled.outcome === 'unreachable') {
    sendRaw(socket, gatewayStatus(dialled), describeUnreachable(authority, dialled));
  } else if (socket.destroyed) {
    dialled.socket.destroy();
  } else {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    join(socket, dialled.socket, decision, head);
  }
}

async function handleRequest(
  destinations: Destinations,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = parseAbsoluteForm(request.url ?? '');
  if (!target) {
    send(response, 400, 'srt: this is a proxy; it takes CONNECT and http:// requests.\n');
    return;
  }
  /* The library would call such a body empty and send it all the same: a second request, which
   * nobody has judged. */
  const chunked = request.headers['transfer-encoding'] !== undefined;
  if (chunked && (request.method === 'DELETE' || request.method === 'OPTIONS')) {
    send(response, 411, `srt: ${request.method} needs a content-length.\n`);
    return;
  }
  const refuse = (refusal: Refusal) => {
    response.setHeader(...REFUSAL_HEADER);
    send(response, 403, explainRefusal(refusal, destinations.policy));
  };
  const decision = destinations.decide('http', target.host, target.port);
  if (!decision.allowed) {
    refuse(decision);
    return;
  }
  const dialled = await destinations.dial('http', decision);
  if (dialled.outcome === 'refused') refuse(dialled.refusal);
  else if (dialled.outcome === 'unreachable')
    send(response, gatewayStatus(dialled), describeUnreachable(target.authority, dialled));
  else if (request.socket.destroyed) dialled.socket.destroy();
  else forwardRequest(request, response, target, dialled.socket);
}

/** RFC 9110 15.6.5 for a timeout, 15.6.3 for everything else. */
function gatewayStatus({ errno }: Dialled & { outcome: 'unreachable' }): 502 | 504 {
  return errno === 'ETIMEDOUT' ? 504 : 502;
}

function describeUnreachable(target: string, { errno }: Dialled & { outcome: 'unreachable' }) {
  return `srt: ${target} is allowed but cannot be reached (${errno}).\n`;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    /* The rest of a refused request's body is nothing we want to read. */
    connection: 'close',
  });
  response.end(body);
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};

function sendRaw(
  socket: Socket,
  status: number,
  body: string,
  header?: readonly [string, string],
): void {
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
    ...(header ? [header.join(': ')] : []),
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  sayLast(socket, `${lines.join('\r\n')}\r\n\r\n${body}`);
}
