/* Threat: a program that ignores the proxies connects by itself, or asks a resolver for names that
 * carry data (CVE-2025-55284). There is no network but the sandbox's own loopback. */
import { networkInterfaces } from 'node:os';
import { requires } from '../support/requires.ts';
import {
  type CountingServer,
  datagramServer,
  httpServer,
  streamServer,
} from '../support/servers.ts';
import { scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';

const PROBE = `
const net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns');
const os = require('node:os');
const tcp = ([host, port]) => new Promise((resolve) => {
  const socket = net.connect({ host, port, timeout: 3000 });
  socket.on('connect', () => { resolve('ok'); socket.destroy(); });
  socket.on('timeout', () => { resolve('timeout'); socket.destroy(); });
  socket.on('error', (error) => resolve(error.code));
});
const udp = ([host, port]) => new Promise((resolve) => {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('error', (error) => resolve(error.code));
  socket.send('x', port, host, (error) => { socket.close(); resolve(error ? error.code : 'ok'); });
});
const name = (text) => new Promise((resolve) =>
  dns.lookup(text, (error) => resolve(error ? error.code : 'ok')));
const query = (text) => new Promise((resolve) => {
  const resolver = new dns.Resolver({ timeout: 500, tries: 1 });
  resolver.resolve4(text, (error) => resolve(error ? error.code : 'ok'));
});
(async () => print({
  tcp: await Promise.all(input.tcp.map(tcp)),
  udp: await Promise.all(input.udp.map(udp)),
  names: await Promise.all(input.names.map(name)),
  queries: await Promise.all(input.names.map(query)),
  interfaces: Object.keys(os.networkInterfaces()).filter((name) => name !== 'lo'),
}))();
`;

interface Seen {
  tcp: string[];
  udp: string[];
  names: string[];
  queries: string[];
  interfaces: string[];
}

const LOOPBACK = ['127.0.0.1', '::1'];
const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, scopeid }) => !internal && !scopeid)
  .map(({ address }) => address);
/* Nothing is sent there: inside the gate refuses TCP and there is no route for the rest, and
 * outside nobody tries. */
const FAR = ['198.18.0.1', '169.254.169.254', '224.0.0.251', '2001:db8::1'];

describe('without the gate', () => {
  const tcp: CountingServer[] = [];
  const udp: CountingServer[] = [];
  let inside: Seen;
  let outside: Seen;
  const arrived = { inside: 0, outside: 0 };
  const all = () => [...tcp, ...udp].reduce((sum, server) => sum + server.count(), 0);

  beforeAll(async () => {
    for (const address of LOOPBACK) {
      tcp.push(await streamServer({ address }));
      udp.push(await datagramServer(address));
    }
    const dir = scratch();
    /* Allowed or not makes no difference to who does not ask. */
    const settings = dir.settings({ network: { allowedDomains: ['127.0.0.1', '[::1]'] } });
    const near = {
      tcp: LOOPBACK.map((host, index) => [host, tcp[index]?.port]),
      udp: LOOPBACK.map((host, index) => [host, udp[index]?.port]),
    };
    const far = [...elsewhere, ...FAR].map((host) => [host, 9]);
    const input = {
      tcp: [...near.tcp, ...far],
      udp: [...near.udp, ...far],
      names: ['srt.invalid'],
    };
    inside = await evaluate<Seen>(PROBE, input, { srt: ['-s', settings] });
    arrived.inside = all();
    const reachable = [...near.tcp, ...elsewhere.map((host) => [host, 9])];
    outside = await evaluate<Seen>(
      PROBE,
      { tcp: reachable, udp: near.udp, names: [] },
      { srt: null },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    arrived.outside = all() - arrived.inside;
    dir.remove();
  });
  afterAll(async () => {
    for (const server of [...tcp, ...udp]) await server.close();
  });

  test.each(
    LOOPBACK.map((host, index) => ({ host, index })),
  )('TCP does not reach $host of the host', ({ index }) => {
    expect(outside.tcp[index]).toBe('ok');
    expect(inside.tcp[index]).toBe('ECONNREFUSED');
  });

  test('nothing arrived at the host, by TCP or UDP', () => {
    expect(arrived).toEqual({ inside: 0, outside: tcp.length + udp.length });
  });

  requires('an address beside loopback', elsewhere.length > 0).each(
    elsewhere.map((host, index) => ({ host, index: LOOPBACK.length + index })),
  )('$host of the host is not reached', ({ index }: { index: number }) => {
    /* Port 9 has no server, which one has to get there to be told. */
    expect(outside.tcp[index]).toBe('ECONNREFUSED');
    expect(inside.tcp[index]).toBe('EACCES');
    expect(inside.udp[index]).toBe('ENETUNREACH');
  });

  test.each(
    FAR.map((host, index) => ({ host, index: LOOPBACK.length + elsewhere.length + index })),
  )('$host is not reached', ({ index }) => {
    expect(inside.tcp[index]).toBe('EACCES');
    expect(inside.udp[index]).toBe('ENETUNREACH');
  });

  test('no name is resolved', () => {
    expect(inside.names).toEqual(['EAI_AGAIN']);
    expect(inside.queries).toEqual(['EREFUSED']);
  });

  test('there is no interface but loopback', () => {
    expect(inside.interfaces).toEqual([]);
  });
});

test('the server of this file is reached through the gate: the control', async () => {
  const server = await httpServer('server');
  const dir = scratch();
  const settings = dir.settings({ network: { allowedDomains: ['127.0.0.1'] } });
  const script = `
    const http = require('node:http'), { hostname, port } = new URL(process.env.HTTP_PROXY);
    http.get({ host: hostname, port, path: input, agent: false }, (response) => {
      response.resume();
      print(response.statusCode);
    });
  `;
  const url = `http://127.0.0.1:${server.port}/`;
  expect(await evaluate(script, url, { srt: ['-s', settings] })).toBe(200);
  await server.close();
  dir.remove();
});
