import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Dialled } from '../destination.ts';
import { sayLast } from '../tunnel/last-words.ts';

/** Answers that the gate gives itself. Each is the last of its connection: what may still come of
 * a refused request is nothing that anybody wants to read. */
export interface Answer {
  status: keyof typeof REASONS;
  body: string;
  header?: readonly [name: string, value: string];
}

const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  411: 'Length Required',
  431: 'Request Header Fields Too Large',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
} as const;

/** RFC 9110 15.5.8. Says nothing of what the gate would allow. */
export const NOT_ADMITTED: Answer = {
  status: 407,
  body: 'srt: this proxy belongs to a sandbox, whose programs know its password.\n',
  header: ['proxy-authenticate', 'Basic realm="srt", charset="UTF-8"'],
};

const TYPE = 'text/plain; charset=utf-8';

/** RFC 9110 15.6.5 for a timeout, 15.6.3 for everything else. */
export function unreachable(target: string, { errno, via }: Dialled & { outcome: 'unreachable' }) {
  const through = via ? ` through the parent proxy ${via}` : '';
  const body = `srt: ${target} is allowed but cannot be reached${through} (${errno}).\n`;
  return { status: errno === 'ETIMEDOUT' ? 504 : 502, body } as const;
}

export function send(response: ServerResponse, { status, body, header }: Answer): void {
  if (header) response.setHeader(...header);
  response.writeHead(status, {
    'content-type': TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** The same where no parser of Node holds the connection, or any longer. */
export function sendRaw(socket: Socket, { status, body, header }: Answer): void {
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    ...(header ? [header.join(': ')] : []),
    `content-type: ${TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  sayLast(socket, `${lines.join('\r\n')}\r\n\r\n${body}`);
}
