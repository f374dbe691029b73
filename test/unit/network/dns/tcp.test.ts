import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DnsService } from '../../../../src/network/dns/service.ts';
import { client, readAll, take } from '../loopback.ts';
import { parseResponse, query, words } from './bytes.ts';
import { type DnsServerUnderTest, dnsServer, exampleDns, framed } from './dns-loopback.ts';

let server: DnsServerUnderTest | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

async function serve(service: DnsService): Promise<number> {
  server = await dnsServer(service);
  return server.port;
}

/** The next answer of a connection. */
async function nextAnswer(socket: Socket) {
  const length = (await take(socket, 2)).readUInt16BE(0);
  return parseResponse(await take(socket, length));
}

async function ended(socket: Socket): Promise<string> {
  socket.resume();
  const closed = once(socket, 'close').then(() => 'closed');
  socket.end();
  return Promise.race([closed, sleep(1000, 'still open', { ref: false })]);
}

test('queries one after the other, however they are cut', async () => {
  const port = await serve(exampleDns());
  const socket = await client(port);
  const bytes = framed(query('example.com', { id: 1 }), query('example.org', { id: 2 }));
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await sleep(0);
  }
  expect(await nextAnswer(socket)).toMatchObject({ id: 1, rcode: 0 });
  expect(await nextAnswer(socket)).toMatchObject({ id: 2, rcode: 5 });
  expect(await ended(socket)).toBe('closed');
});

test('an answer that is ready goes before one that is not', async () => {
  const port = await serve(exampleDns(() => sleep(50)));
  const socket = await client(port);
  socket.write(framed(query('example.com', { id: 1 }), query('example.org', { id: 2 })));
  expect([(await nextAnswer(socket)).id, (await nextAnswer(socket)).id]).toEqual([2, 1]);
  expect(await ended(socket)).toBe('closed');
});

test('a thousand in one write are all answered, 32 at a time', async () => {
  let most = 0;
  let now = 0;
  const port = await serve({
    answer: async (message) => {
      most = Math.max(most, ++now);
      await sleep(1);
      now--;
      return message;
    },
  });
  const socket = await client(port);
  socket.end(framed(...Array.from({ length: 1000 }, (_, id) => words(id))));
  const answers = await readAll(socket);
  expect(answers.length).toBe(4000);
  expect(new Set(answers.toString('hex').match(/.{8}/g)).size).toBe(1000);
  expect(most).toBe(32);
  socket.destroy();
});

test('a client that ended its side still gets its answers, and then the end', async () => {
  const port = await serve(exampleDns(() => sleep(30)));
  const socket = await client(port);
  socket.end(framed(query('example.com', { id: 7 })));
  const answer = await readAll(socket);
  expect(parseResponse(answer.subarray(2))).toMatchObject({ id: 7, answers: [{ type: 1 }] });
  socket.destroy();
});

test('nothing is read on from a client that does not read', async () => {
  let answered = 0;
  const port = await serve({
    answer: async () => {
      answered++;
      return Buffer.alloc(60_000);
    },
  });
  const socket = await client(port);
  const flood = framed(...Array.from({ length: 20_000 }, () => words(1)));
  socket.write(flood);
  await sleep(200);
  const before = answered;
  await sleep(100);
  expect(answered).toBe(before);
  expect(answered).toBeLessThan(2000);
  socket.destroy();
});

test.each([
  ['longer than any query', words(4097)],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
])('%s ends the connection', async (_what, bytes) => {
  const port = await serve(exampleDns());
  const socket = await client(port);
  socket.write(bytes);
  expect(await readAll(socket)).toHaveLength(0);
  socket.destroy();
});

test('the longest message is read, and one without an answer gets none', async () => {
  const port = await serve(exampleDns());
  const socket = await client(port);
  const response = query('example.com', { id: 1, flags: 0x8180 });
  const long = Buffer.concat([query('example.com', { id: 2 }), Buffer.alloc(4096)]);
  socket.write(framed(response, Buffer.alloc(0), long.subarray(0, 4096)));
  expect(await nextAnswer(socket)).toMatchObject({ id: 2, rcode: 1 });
  expect(await ended(socket)).toBe('closed');
});

test.each([
  ['in a length', Buffer.of(0)],
  ['in a message', framed(query('example.com')).subarray(0, -1)],
  ['after nothing', Buffer.alloc(0)],
])('a client that ends %s is let go', async (_what, bytes) => {
  const port = await serve(exampleDns());
  const socket = await client(port);
  socket.write(bytes);
  expect(await ended(socket)).toBe('closed');
});

test('a reset while an answer is made hurts nobody', async () => {
  const port = await serve(exampleDns(() => sleep(30)));
  const reset = await client(port);
  reset.write(framed(query('example.com')));
  await sleep(10);
  reset.resetAndDestroy();
  await sleep(50);
  const socket = await client(port);
  socket.write(framed(query('example.com', { id: 9 })));
  expect(await nextAnswer(socket)).toMatchObject({ id: 9 });
  expect(await ended(socket)).toBe('closed');
});
