import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Destinations } from '../destination.ts';
import { onFirstData } from '../first-data.ts';
import type { Guard } from '../guard.ts';
import { MAX_REQUEST_HEAD, REQUEST_HEAD_TIMEOUT } from '../limits.ts';
import type { Join } from '../tunnel/join.ts';
import { type Answer, NOT_ADMITTED, send, sendRaw } from './answers.ts';
import { handleConnect } from './connect.ts';
import { openFor } from './dial.ts';
import { forwardRequest } from './forward.ts';
import { earlierAnswers, noteRequest } from './order.ts';
import { parseAbsoluteForm, readConnect } from './target.ts';
import { handleUpgrade, NO_TARGET, withoutUpgrade } from './upgrade.ts';

/** Serves connections that were accepted elsewhere, as an HTTP proxy: CONNECT (RFC 9110 9.3.6),
 * requests in absolute-form (RFC 9112 3.2.2), each of which is decided by itself, and WebSockets
 * that begin as such a request. With a guard every request must say who it is from, and nothing is
 * decided about one that does not. */
export function createHttpProxy(
  destinations: Destinations,
  join: Join,
  guard: Guard | null = null,
  headTimeout = REQUEST_HEAD_TIMEOUT,
): (socket: Socket) => void {
  const isAdmitted = ({ headers }: IncomingMessage) =>
    guard === null || guard.admitsHeader(headers['proxy-authorization']);
  const server = createParser(headTimeout, (request, response) => {
    noteRequest(request.socket, response);
    if (isAdmitted(request))
      handleRequest(destinations, request, response).catch(() => request.socket.destroy());
    else send(response, NOT_ADMITTED);
  });
  const onConnect = async (target: string, socket: Socket, head: Buffer) => {
    await handleConnect(destinations, join, target, socket, head);
  };
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    earlierAnswers(socket)
      .then(() => {
        if (isAdmitted(request)) return onConnect(request.url ?? '', socket, head);
        sendRaw(socket, NOT_ADMITTED);
      })
      .catch(() => socket.destroy());
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const serve = async () => {
      await earlierAnswers(socket);
      if (!isAdmitted(request)) {
        sendRaw(socket, NOT_ADMITTED);
        return;
      }
      if (/^websocket$/i.test(request.headers.upgrade ?? '')) {
        await handleUpgrade(destinations, join, request, socket, head);
        return;
      }
      socket.unshift(Buffer.concat([withoutUpgrade(request), head]));
      server.emit('connection', socket);
      socket.resume();
    };
    serve().catch(() => socket.destroy());
  });

  let open = 0;
  return (socket) =>
    onFirstData(socket, (first, gone) => {
      const connect = guard === null ? readConnect(first) : null;
      if (connect) {
        onConnect(connect.target, socket, connect.rest).catch(gone);
        return;
      }
      /* It never listens, so nothing else starts and stops its search for slow heads. */
      if (open++ === 0) server.emit('listening');
      socket.once('close', () => {
        if (--open === 0) server.close();
      });
      socket.unshift(first);
      server.emit('connection', socket);
      socket.resume();
    });
}

/** Node's server, for its parser: strict whatever NODE_OPTIONS says. */
function createParser(
  headersTimeout: number,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const options = {
    noDelay: true,
    insecureHTTPParser: false,
    maxHeaderSize: MAX_REQUEST_HEAD,
    headersTimeout,
    connectionsCheckingInterval: headersTimeout / 10,
    /* A long upload is not an attack. */
    requestTimeout: 0,
  };
  const server = createServer(options, serve);
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || socket.writableEnded) return;
    sendRaw(socket as Socket, { status: STATUS_OF[code ?? ''] ?? 400, body: '' });
  });
  return server;
}

const STATUS_OF: Readonly<Record<string, 408 | 431>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

async function handleRequest(
  destinations: Destinations,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = parseAbsoluteForm(request.url ?? '');
  if (!target) {
    send(response, NO_TARGET);
    return;
  }
  const unsafe = refuseBody(request);
  if (unsafe) {
    send(response, unsafe);
    return;
  }
  const opened = await openFor(destinations, 'http', target);
  if ('answer' in opened) send(response, opened.answer);
  else if (request.socket.destroyed) opened.socket.destroy();
  else forwardRequest(request, response, target, opened.socket);
}

/** The library would call such a body empty and send it all the same: a second request, which
 * nobody has judged. */
function refuseBody({ method, headers }: IncomingMessage): Answer | null {
  if (headers['transfer-encoding'] === undefined) return null;
  if (method !== 'DELETE' && method !== 'OPTIONS') return null;
  return { status: 411, body: `srt: ${method} needs a content-length.\n` };
}
