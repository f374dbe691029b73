import type { Socket as DatagramSocket, RemoteInfo } from 'node:dgram';
import type { Socket } from 'node:net';
import type { DnsService } from './service.ts';

/** Queries are below 600 bytes; what is longer than this is none. */
const MAX_QUERY = 4096;
const MAX_IN_FLIGHT_UDP = 256;
const MAX_IN_FLIGHT_TCP = 32;
/** RFC 7766 6.2.3 leaves it to the server. */
const IDLE_MS = 10_000;

/** Answers the queries that come to a bound socket, each to where it came from. Whoever asks faster
 * than is answered loses queries and asks again, as with any name server. */
export function serveDnsUdp(service: DnsService, socket: DatagramSocket): void {
  let inFlight = 0;
  const done = () => {
    inFlight--;
  };
  const serve = async (query: Buffer, from: RemoteInfo) => {
    const answer = await service.answer(query, 'udp');
    if (answer) await send(socket, answer, from);
  };
  socket.on('error', () => {});
  socket.on('message', (query, from) => {
    if (query.length > MAX_QUERY || inFlight >= MAX_IN_FLIGHT_UDP) return;
    inFlight++;
    serve(query, from).then(done, done);
  });
}

/** Fulfilled when the kernel has it or never will; rejected when the socket is closed. */
function send(socket: DatagramSocket, answer: Buffer, { address, port }: RemoteInfo) {
  return new Promise<void>((resolve) => {
    socket.send(answer, port, address, () => resolve());
  });
}

/** Serves one connection: each message after its length in two bytes (RFC 1035 4.2.2), answers in
 * the order in which they are ready (RFC 7766 7). Ends it when nothing was asked or answered for ten
 * seconds, so that neither bytes that trickle in nor answers that are not read keep it open. */
export function serveDnsTcp(service: DnsService, socket: Socket): void {
  let held: Buffer = Buffer.alloc(0);
  let inFlight = 0;
  let ended = false;

  const timer = setTimeout(() => {
    if (inFlight > 0) timer.refresh();
    else socket.destroy();
  }, IDLE_MS);

  const serve = async (query: Buffer) => {
    const answer = await service.answer(query, 'tcp');
    if (answer && socket.writable) socket.write(frame(answer));
  };

  const done = () => {
    inFlight--;
    timer.refresh();
    advance();
  };

  /** Takes the messages that have come, as many as may be in flight, then reads on if it may. */
  function advance(): void {
    if (socket.destroyed) return;
    while (inFlight < MAX_IN_FLIGHT_TCP && !socket.writableNeedDrain) {
      const message = takeMessage(held);
      if (message === 'too long') {
        socket.destroy();
        return;
      }
      if (message === 'need') {
        if (!ended) socket.resume();
        else if (inFlight === 0) socket.end();
        return;
      }
      held = held.subarray(2 + message.length);
      inFlight++;
      timer.refresh();
      serve(message).then(done, done);
    }
  }

  socket.on('error', () => socket.destroy());
  socket.on('close', () => clearTimeout(timer));
  socket.on('drain', advance);
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    socket.pause();
    advance();
  });
  socket.on('end', () => {
    ended = true;
    advance();
  });
}

function takeMessage(bytes: Buffer): Buffer | 'need' | 'too long' {
  if (bytes.length < 2) return 'need';
  const length = bytes.readUInt16BE(0);
  if (length > MAX_QUERY) return 'too long';
  return bytes.length < 2 + length ? 'need' : bytes.subarray(2, 2 + length);
}

/** One buffer, so that no asker sees the length alone (RFC 7766 8). */
function frame(answer: Buffer): Buffer {
  const framed = Buffer.alloc(2 + answer.length);
  framed.writeUInt16BE(answer.length, 0);
  answer.copy(framed, 2);
  return framed;
}
