import { type IncomingMessage, request as send } from 'node:http';
import type { Socket } from 'node:net';
import type { Destinations } from '../destination.ts';
import type { Join } from '../tunnel/join.ts';
import { type Answer, sendRaw } from './answers.ts';
import { openFor } from './dial.ts';
import { agentFor, isSendable, removeHopByHop } from './forward.ts';
import { parseAbsoluteForm } from './target.ts';

/** Serves a request in absolute-form that wants to become a WebSocket (RFC 6455 4.1). The origin
 * says whether it does; before that, nothing more of the client goes out, for it could be another
 * request, about which nothing is decided. */
export async function handleUpgrade(
  destinations: Destinations,
  join: Join,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  const target = parseAbsoluteForm(request.url ?? '');
  if (!target) {
    sendRaw(socket, NO_TARGET);
    return;
  }
  /* As a tunnel, for a parent proxy would not pass on an Upgrade that it sees (RFC 6455 4.1). */
  const opened = await openFor(destinations, 'connect', target);
  if ('answer' in opened) {
    sendRaw(socket, opened.answer);
    return;
  }
  const { socket: outside, permission } = opened;
  if (socket.destroyed) {
    outside.destroy();
    return;
  }
  socket.once('close', () => outside.destroy());
  const { method = 'GET', headers } = request;
  removeHopByHop(headers);
  const outgoing = send({
    method,
    path: target.path,
    headers: { ...headers, host: target.authority, connection: 'Upgrade', upgrade: 'websocket' },
    agent: agentFor(outside),
  });
  outgoing.on('upgrade', (answer, _socket, first) => {
    if (!isSendable(answer, 101)) sendRaw(socket, INVALID);
    else {
      socket.write(Buffer.concat([headOf(answer, answer.rawHeaders), first]));
      join(socket, outside, permission, head);
    }
  });
  outgoing.on('response', (answer) => pass(answer, socket));
  outgoing.on('error', ({ message }) => {
    if (!socket.writableEnded) sendRaw(socket, { status: 502, body: `srt: ${message}\n` });
  });
  outgoing.end();
}

/** An answer that is no upgrade, after which the connection is of no more use. */
function pass(answer: IncomingMessage, socket: Socket): void {
  removeHopByHop(answer.headers);
  if (!isSendable(answer)) {
    sendRaw(socket, INVALID);
    return;
  }
  /* Its end is the end of the body (RFC 9112 6.3), which has already been taken out of chunks. */
  delete answer.headers['transfer-encoding'];
  const fields = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? ''].flat().flatMap((one) => [name, one]),
  );
  socket.write(headOf(answer, [...fields, 'connection', 'close']));
  answer.on('error', () => socket.destroy());
  answer.pipe(socket);
  socket.resume();
}

/** `fields`: names and values in turn, as in rawHeaders. */
function headOf({ statusCode }: IncomingMessage, fields: readonly string[]): Buffer {
  const lines = fields.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${fields[at + 1]}`] : []));
  return Buffer.from([`HTTP/1.1 ${statusCode} `, ...lines, '\r\n'].join('\r\n'), 'latin1');
}

const INVALID: Answer = { status: 502, body: 'srt: the answer is not valid HTTP.\n' };

export const NO_TARGET: Answer = {
  status: 400,
  body: 'srt: this is a proxy; it takes CONNECT and http:// requests.\n',
};

/** The request anew and without its Upgrade, which is only an offer (RFC 9110 7.8): of others
 * than WebSocket, such as h2c, the gate makes no use. */
export function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${value}`);
  }
  return Buffer.from([...lines, '\r\n'].join('\r\n'), 'latin1');
}
