/* Threat: a tunnel to an allowed host, and in it a ClientHello for another server behind the same
 * address: what is allowed is a whole content network, not the host (domain fronting). */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { type Scratch, scratch } from '../support/srt.ts';
import { entry, hello, message, records, serverName } from '../unit/network/tunnel/hello.ts';
import { type Conversation, converse } from './support/gate-client.ts';

let dir: Scratch;
let server: Server;
let port: number;
let options: string[];
/** The bytes that came through each tunnel, by the mark at its end. */
const arrived: string[] = [];

beforeAll(async () => {
  dir = scratch();
  server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      arrived.push(chunk.toString('latin1'));
      socket.end('reached server');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  const allowedDomains = [`127.0.0.1:${port}`, 'allowed.example.com'];
  options = ['-s', dir.settings({ network: { allowedDomains } })];
});
afterAll(() => {
  server.close();
  dir.remove();
});
beforeEach(() => {
  arrived.length = 0;
});

const latin1 = (bytes: Buffer) => bytes.toString('latin1');
const connect = (bytes: Buffer): Conversation => ({
  to: 'http',
  send: `CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n${latin1(bytes)}`,
});
const socks = (bytes: Buffer): Conversation => ({
  to: 'socks',
  send: latin1(
    Buffer.concat([Buffer.from([5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]), bytes]),
  ),
});
/** What a client says only when the tunnel stands. */
const later = (bytes: Buffer): Conversation => ({
  ...connect(Buffer.alloc(0)),
  next: latin1(bytes),
});

const ALERT = '\x15\x03\x03\x00\x02\x02\x31';

describe.each([
  ['CONNECT', connect],
  ['CONNECT, once it is answered', later],
  ['SOCKS5', socks],
])('by %s', (_name, through) => {
  test.each([
    ['the name of an allowed host: the control', hello('allowed.example.com')],
    ['no name: the control', hello(null)],
  ])('%s', async (_what, bytes) => {
    const [answer] = await converse([through(bytes)], options);
    expect(answer).toMatch(/reached server$/);
    expect(arrived).toEqual([latin1(bytes)]);
  });

  const two = message([serverName(entry('allowed.example.com'), entry('hidden.example'))]);
  const attacks: [string, Buffer][] = [
    ['another name', hello('hidden.example')],
    ['another name in records of one byte', hello('hidden.example', 1)],
    ['two names', records(two)],
    [
      'an alert first',
      Buffer.concat([Buffer.from([21, 3, 1, 0, 2, 1, 0]), hello('hidden.example')]),
    ],
    [
      'another version of records',
      Buffer.concat([Buffer.from([22, 9, 0]), hello('hidden.example').subarray(3)]),
    ],
    ['a name that ends in the allowed one', hello('hidden.example\0.allowed.example.com')],
  ];
  test('any other: an alert, and the server hears nothing', async () => {
    const answers = await converse(
      attacks.map(([, bytes]) => through(bytes)),
      options,
    );
    expect(answers.map((answer, at) => [attacks[at]?.[0], answer.endsWith(ALERT)])).toEqual(
      attacks.map(([what]) => [what, true]),
    );
    expect(arrived).toEqual([]);
  });
});
