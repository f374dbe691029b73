/* Threat: a filter by address lets everything through that shares the address of an allowed host
 * (klangk #2285), and one without ports every service of it (gh-aw-firewall #213). Names decide: an
 * address that stands for one leads to that name, at the ports of its rule, and to no other. */
import { networkInterfaces } from 'node:os';
import { runInside } from '../support/network-sandbox.ts';
import { requires } from '../support/requires.ts';
import { type CountingServer, streamServer } from '../support/servers.ts';

const address =
  Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '';
const network = requires('an IPv4 address beside loopback', address !== '');

const PROBE = `
const net = require('node:net');
const reach = ([host, port]) => new Promise((resolve) => {
  const socket = net.connect({ host, port, family: 4 });
  socket.on('data', (data) => { resolve(String(data)); socket.destroy(); });
  socket.on('error', (error) => resolve(error.code));
});
const connect = (to) => new Promise((resolve) => {
  const socket = net.connect(3128, '127.0.0.1');
  let text = '';
  socket.on('connect', () => socket.write('CONNECT ' + to + ' HTTP/1.1\\r\\n\\r\\n'));
  socket.on('data', (data) => { text += data; if (text.includes('reached')) socket.destroy(); });
  socket.on('close', () => resolve(text.slice(9, 12)));
});
(async () => {
  const out = {};
  for (const to of JSON.parse(process.argv[1])) out[to.join(' ')] = await reach(to);
  for (const to of JSON.parse(process.argv[2])) out[to] = await connect(to);
  console.log(JSON.stringify(out));
})();
`;

describe('two names of one address, of which one is allowed', () => {
  let server: CountingServer;
  let other: CountingServer;
  let seen: Record<string, string> = {};
  let ports: { allowed: number; other: number };
  beforeAll(async () => {
    if (address === '') return;
    server = await streamServer({ address });
    other = await streamServer({ address });
    ports = { allowed: server.port, other: other.port };
    const direct = [
      ['allowed.test', ports.allowed],
      ['neighbour.test', ports.allowed],
      ['allowed.test', ports.other],
      /* Addresses that stand for no name, or not for one that was ever asked for. */
      ...['198.18.0.1', '198.18.0.3', '198.18.0.9', '198.19.255.255', '198.20.0.2'].map((to) => [
        ...[to, ports.allowed],
      ]),
    ];
    const proxied = ['allowed.test', 'neighbour.test'].map((name) => `${name}:${ports.allowed}`);
    const { stdout } = await runInside(
      {
        /* The test's server is this machine, which needs a rule of its own. */
        network: {
          allowedDomains: [`allowed.test:${ports.allowed}`, `${address}:${ports.allowed}`],
        },
        names: { 'allowed.test': [address], 'neighbour.test': [address] },
      },
      [process.execPath, '-e', PROBE, JSON.stringify(direct), JSON.stringify(proxied)],
    );
    seen = JSON.parse(stdout);
  });
  afterAll(async () => {
    await server?.close();
    await other?.close();
  });

  network('the allowed one is reached: the control', () => {
    expect(seen[`allowed.test ${ports.allowed}`]).toBe('reached');
    expect(seen[`allowed.test:${ports.allowed}`]).toBe('200');
  });

  network('the other one is not', () => {
    expect(seen[`neighbour.test ${ports.allowed}`]).toMatch(
      /^E(AI_AGAIN|AI_FAIL|NOTFOUND|REFUSED)$/,
    );
    expect(seen[`neighbour.test:${ports.allowed}`]).toBe('403');
  });

  network('nor is another port of the allowed one', () => {
    expect(seen[`allowed.test ${ports.other}`]).toBe('EACCES');
    expect(other.count()).toBe(0);
  });

  network('nor what an address leads to that stands for no name', () => {
    const guessed = Object.entries(seen).filter(([to]) => to.startsWith('198.'));
    expect(guessed.length).toBe(5);
    expect(guessed.filter(([, how]) => how !== 'EACCES')).toEqual([]);
    expect(server.count()).toBe(2);
  });
});
