import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A name server on loopback that remembers what it was asked. */
export interface DnsServer {
  port: number;
  /** The names, or the text of what was no question, oldest first. */
  seen: string[];
  close(): Promise<void>;
}

/** Where the question of a DNS message ends, and its name (RFC 1035 4.1.2). */
function readQuestion(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += size + 1;
  }
  return { name: labels.join('.'), end: at + 5 };
}

/* One question, one answer: the question's name has the address 192.0.2.1 for four seconds. */
const HEADER = Buffer.from('81800001000100000000', 'hex');
const ANSWER = Buffer.from('c00c00010001000000040004c0000201', 'hex');

/** Answers every question with the address 192.0.2.1; anything else it sends back. */
export async function dnsServer(): Promise<DnsServer> {
  const seen: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const isQuestion = message.length > 16 && message.readUInt16BE(4) === 1;
    const { name, end } = isQuestion ? readQuestion(message) : { name: `${message}`, end: 0 };
    seen.push(name);
    const question = message.subarray(12, end);
    const answer = Buffer.concat([message.subarray(0, 2), HEADER, question, ANSWER]);
    socket.send(isQuestion ? answer : message, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    seen,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** With as little room over UDP as can be: each answer there is cut off, and whole over TCP. */
export interface TruncatingDnsServer {
  port: number;
  /** How it was asked, oldest first. */
  asked: ('udp' | 'tcp')[];
  close(): Promise<void>;
}

const CUT_OFF = Buffer.from('83800001000000000000', 'hex');

export async function truncatingDnsServer(): Promise<TruncatingDnsServer> {
  const asked: TruncatingDnsServer['asked'] = [];
  const answerTo = (query: Buffer, head: Buffer, records: readonly Buffer[]) => {
    const question = query.subarray(12, readQuestion(query).end);
    return Buffer.concat([query.subarray(0, 2), head, question, ...records]);
  };
  const streams = createServer((socket: Socket) => {
    socket.on('error', () => {});
    /* A resolver sends a question and its length at once. */
    socket.on('data', (framed: Buffer) => {
      asked.push('tcp');
      const answer = answerTo(framed.subarray(2), HEADER, [ANSWER]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
    });
  });
  const datagrams = createSocket('udp4');
  datagrams.on('message', (query, from) => {
    asked.push('udp');
    datagrams.send(answerTo(query, CUT_OFF, []), from.port, from.address);
  });
  streams.listen(0, '127.0.0.1');
  await once(streams, 'listening');
  const { port } = streams.address() as AddressInfo;
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  return {
    port,
    asked,
    async close() {
      datagrams.close();
      streams.close();
      await once(streams, 'close');
    },
  };
}
