import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveDnsUdp } from '../../../../src/network/dns/server.ts';
import type { DnsService } from '../../../../src/network/dns/service.ts';
import { parseResponse, query, words } from './bytes.ts';
import { type DnsServerUnderTest, dnsServer, exampleDns } from './dns-loopback.ts';

let asker: DatagramSocket;
beforeEach(() => {
  asker = createSocket('udp4');
});
afterEach(() => {
  asker.close();
});

let server: DnsServerUnderTest | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

async function serve(service: DnsService): Promise<number> {
  server = await dnsServer(service);
  return server.port;
}

async function ask(port: number, message: Buffer) {
  asker.send(message, port, '127.0.0.1');
  const [answer] = (await once(asker, 'message')) as [Buffer];
  return parseResponse(answer);
}

test('a query is answered to its asker, from the address it was sent to', async () => {
  const port = await serve(exampleDns());
  const other = createSocket('udp4').bind(0, '127.0.0.1');
  const strays: Buffer[] = [];
  other.on('message', (message: Buffer) => strays.push(message));
  asker.send(query('example.com'), port, '127.0.0.1');
  const [answer, from] = await once(asker, 'message');
  expect(parseResponse(answer)).toMatchObject({ answers: [{ type: 1 }] });
  expect(from).toMatchObject({ address: '127.0.0.1', port });
  expect(strays).toEqual([]);
  other.close();
});

test('what must not be answered is not, and the next query is', async () => {
  const port = await serve(exampleDns());
  const strays = [
    query('example.com', { id: 1, flags: 0x8180 }),
    query('example.com', { id: 2 }).subarray(0, 11),
    Buffer.alloc(0),
    Buffer.concat([query('example.com', { id: 3 }), Buffer.alloc(5000)]),
  ];
  for (const stray of strays) asker.send(stray, port, '127.0.0.1');
  expect(await ask(port, query('example.com', { id: 4 }))).toMatchObject({ id: 4 });
});

test('beyond 256 in flight queries are dropped, and later ones are served', async () => {
  let waiting = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const port = await serve({
    answer: async (message) => {
      waiting++;
      await released;
      return message;
    },
  });
  for (let i = 0; i < 300; i++) {
    asker.send(words(i), port, '127.0.0.1');
    if (i % 50 === 0) await sleep(5);
  }
  while (waiting < 256) await sleep(1);
  await sleep(20);
  expect(waiting).toBe(256);
  release();
  while (waiting < 257) {
    asker.send('later', port, '127.0.0.1');
    await sleep(5);
  }
});

test('a service that fails leaves the next query its answer', async () => {
  const { answer } = exampleDns();
  let fails = true;
  const port = await serve({
    answer: (...message) => {
      if (!fails) return answer(...message);
      fails = false;
      return Promise.reject(new Error('bug'));
    },
  });
  asker.send(query('example.com', { id: 1 }), port, '127.0.0.1');
  expect(await ask(port, query('example.com', { id: 2 }))).toMatchObject({ id: 2, rcode: 0 });
});

test('a socket that is closed while an answer is made hurts nobody', async () => {
  const lone = createSocket('udp4').bind(0, '127.0.0.1');
  await once(lone, 'listening');
  const dns = exampleDns(() => sleep(20));
  serveDnsUdp(dns, lone);
  asker.send(query('example.com'), lone.address().port, '127.0.0.1');
  while (dns.asked.length === 0) await sleep(1);
  lone.close();
  await sleep(40);
});
