/* Raw conversations with the gate from inside a sandbox: no client library may tidy up what a
 * malicious program would send. */
import type { RunOptions } from '../../support/srt.ts';
import { evaluate } from './node-script.ts';

export interface Conversation {
  /** One of the two proxies, by their variables, or a port of 127.0.0.1. */
  to: 'http' | 'socks' | number;
  /** Bytes, as latin1. */
  send: string;
  /** Sent once the first answer has come. */
  next?: string;
}

const CLIENT = `
const net = require('node:net');
const proxy = (name) => Number(new URL(process.env[name] || 'http://127.0.0.1:1').port);
const ports = { http: proxy('HTTP_PROXY'), socks: proxy('ALL_PROXY') };
const talk = ({ to, send, next }) => new Promise((resolve) => {
  const socket = net.connect(ports[to] || to, '127.0.0.1');
  let answer = '';
  socket.setTimeout(12000, () => { answer += '<timeout>'; socket.destroy(); });
  socket.on('connect', () => socket.write(Buffer.from(send, 'latin1')));
  socket.on('data', (data) => {
    answer += data.toString('latin1');
    if (next) socket.write(Buffer.from(next, 'latin1'));
    next = undefined;
  });
  socket.on('error', (error) => { answer += '<' + error.code + '>'; });
  socket.on('close', () => resolve(answer));
});
Promise.all(input.map(talk)).then(print);
`;

/** Holds all conversations at once: in one sandbox, or outside where `srt` is null. */
export function converse(
  conversations: readonly Conversation[],
  srt: readonly string[] | null,
  options: RunOptions = {},
): Promise<string[]> {
  return evaluate(CLIENT, conversations, { cwd: '/', ...options, srt });
}

const CLOSE = 'connection: close\r\n\r\n';

/** What is asked for once there is a tunnel. */
const INNER = `GET /inner HTTP/1.1\r\nhost: inner\r\n${CLOSE}`;

export function direct(port: number): Conversation {
  return { to: port, send: INNER };
}

/** CONNECT, with the request for the far end right behind it. */
export function connectTo(authority: string): Conversation {
  return {
    to: 'http',
    send: `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n\r\n${INNER}`,
  };
}

export function getFrom(url: string, host = 'named.test'): Conversation {
  return { to: 'http', send: `GET ${url} HTTP/1.1\r\nhost: ${host}\r\n${CLOSE}` };
}

const bytes = (...values: number[]) => String.fromCharCode(...values);
const port16 = (port: number) => bytes(port >> 8, port & 255);

function socks(address: string, port: number): Conversation {
  const request = bytes(5, 1, 0, 5, 1, 0) + address + port16(port) + INNER;
  return { to: 'socks', send: request };
}

/** SOCKS5 with a name of these bytes (latin1). */
export function socksName(name: string, port: number): Conversation {
  return socks(bytes(3, name.length) + name, port);
}

/** SOCKS5 with the 4 or 16 bytes of an address. */
export function socksAddress(address: readonly number[], port: number): Conversation {
  return socks(bytes(address.length === 4 ? 1 : 4, ...address), port);
}

/** The text as the bytes of UTF-8, each as one latin1 character. */
export const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** An answer in a word: "reached NAME", "403 blocked-by-allowlist", "400", "socks 2". */
export function verdict(answer: string | undefined): string {
  const reached = /reached [a-z]+/.exec(answer ?? '');
  if (reached) return reached[0];
  /* The answer to the greeting, and the reply to the request right behind it. */
  if (answer?.startsWith(bytes(5, 0, 5))) return `socks ${answer.charCodeAt(3)}`;
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer ?? '')?.[1];
  const reason = /^x-proxy-error: (.*)\r$/im.exec(answer ?? '')?.[1];
  return [status ?? JSON.stringify(answer), reason].filter(Boolean).join(' ');
}

export const BLOCKED = '403 blocked-by-allowlist';
export const SOCKS_BLOCKED = 'socks 2';
