import type { Socket } from 'node:net';
import type { Destinations } from '../destination.ts';
import type { Guard } from '../guard.ts';
import { HANDSHAKE_TIMEOUT } from '../limits.ts';
import type { Join } from '../tunnel/join.ts';
import { sayLast } from '../tunnel/last-words.ts';
import {
  ADMITTED,
  CONNECT,
  NO_ACCEPTABLE_METHODS,
  NO_AUTHENTICATION,
  NOT_ADMITTED,
  type Read,
  Reply,
  readCredentials,
  readGreeting,
  readRequest,
  type SocksRequest,
  USERNAME_PASSWORD,
  VERSION,
  writeReply,
} from './socks5-wire.ts';

/** Errors of connect(2) and getaddrinfo(3) as SOCKS replies; others are host unreachable. */
const REPLIES: Readonly<Record<string, Reply>> = {
  ECONNREFUSED: Reply.connectionRefused,
  ENETUNREACH: Reply.networkUnreachable,
};

/** Serves one SOCKS5 connection (RFC 1928, CONNECT). Without a guard there is no authentication: who
 * can connect at all is inside the sandbox's network namespace. */
export async function serveSocks5(
  destinations: Destinations,
  join: Join,
  socket: Socket,
  guard: Guard | null = null,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), HANDSHAKE_TIMEOUT);
  socket.once('close', () => clearTimeout(timer));
  const reader = createReader(socket);
  const greeting = await reader.read(readGreeting);
  if (greeting.state !== 'read') {
    socket.destroy();
    return;
  }
  const method = guard ? USERNAME_PASSWORD : NO_AUTHENTICATION;
  if (!greeting.methods.includes(method)) {
    sayLast(socket, Buffer.from([VERSION, NO_ACCEPTABLE_METHODS]));
    return;
  }
  socket.write(Buffer.from([VERSION, method]));
  if (guard && !(await authenticate(guard, socket, reader))) return;
  const request = await reader.read(readRequest);
  clearTimeout(timer);
  if (request.state === 'bad') sayLast(socket, writeReply(request.reply));
  else if (request.state === 'need') socket.destroy();
  else await connectFor(destinations, join, socket, request, reader.rest());
}

async function authenticate(guard: Guard, socket: Socket, reader: MessageReader): Promise<boolean> {
  const credentials = await reader.read(readCredentials);
  const admitted =
    credentials.state === 'read' && guard.admits(credentials.user, credentials.password);
  if (admitted) socket.write(ADMITTED);
  else sayLast(socket, NOT_ADMITTED);
  return admitted;
}

async function connectFor(
  destinations: Destinations,
  join: Join,
  socket: Socket,
  { command, host, port }: SocksRequest,
  early: Buffer,
): Promise<void> {
  if (command !== CONNECT) {
    sayLast(socket, writeReply(Reply.commandNotSupported));
    return;
  }
  const decision = destinations.decide('socks5', host, port);
  if (!decision.allowed) {
    sayLast(socket, writeReply(Reply.notAllowed));
    return;
  }
  const dialled = await destinations.dial('socks5', decision);
  if (dialled.outcome === 'refused') sayLast(socket, writeReply(Reply.notAllowed));
  else if (dialled.outcome === 'unreachable')
    sayLast(socket, writeReply(REPLIES[dialled.errno] ?? Reply.hostUnreachable));
  else if (socket.destroyed) dialled.socket.destroy();
  else {
    socket.write(writeReply(Reply.succeeded));
    join(socket, dialled.socket, decision, early);
  }
}

interface MessageReader {
  /** The next whole message, or `need` when the connection ended before it. */
  read<T>(parse: (bytes: Buffer) => Read<T>): Promise<Read<T>>;
  /** Bytes after the last message; the socket is the caller's from here on. */
  rest(): Buffer;
}

/* The longest handshake message is a request with a name of 255 bytes: 262 bytes. What a client
 * sends beyond the message it waits for is early data, and bounded by one read of the socket. */
function createReader(socket: Socket): MessageReader {
  let held: Buffer = Buffer.alloc(0);
  let ended = false;
  let wake: () => void = () => {};
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', onEnd);
  function onData(chunk: Buffer): void {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    socket.pause();
    wake();
  }
  function onEnd(): void {
    ended = true;
    wake();
  }
  return {
    async read(parse) {
      for (;;) {
        const message = parse(held);
        if (message.state === 'read') held = held.subarray(message.length);
        if (message.state !== 'need' || ended) return message;
        await new Promise<void>((resolve) => {
          wake = resolve;
          socket.resume();
        });
      }
    },
    rest() {
      socket.off('data', onData);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      return held;
    },
  };
}
