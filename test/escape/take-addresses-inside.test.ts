/* The control of what bind(2) is refused for: addresses of the network are taken as ever, also by
 * number, and a second taker gets the kernel's own errno. */
import { evaluate } from './support/node-script.ts';

const PROBE = `
const net = require('node:net'), dgram = require('node:dgram'), os = require('node:os');
const listen = (port, host) => new Promise((resolve) => {
  const server = net.createServer((socket) => socket.end('hello'));
  server.on('error', (error) => resolve({ said: error.code }));
  server.listen(port, host, () => resolve({ said: 'ok', port: server.address().port, server }));
});
(async () => {
  const first = await listen(0, '127.0.0.1');
  const second = await listen(first.port, '127.0.0.1');
  const six = await listen(0, '::1');
  const low = await listen(79, '127.0.0.1');
  const elsewhere = await listen(0, '192.0.2.1');
  const got = await new Promise((resolve) => net.connect(first.port).on('data', (data) => resolve(String(data))));
  const udp = dgram.createSocket('udp4');
  await new Promise((resolve) => udp.bind(0, '127.0.0.1', resolve));
  const has = Object.keys(os.networkInterfaces()).includes('lo');
  print([first.said, second.said, six.said, low.said, elsewhere.said, got, udp.address().port > 0, has]);
  process.exit();
})();
`;

test('sockets of the network are bound', async () => {
  const seen = await evaluate(PROBE, null, { srt: [] });
  const expected = ['ok', 'EADDRINUSE', 'ok', 'EACCES', 'EADDRNOTAVAIL', 'hello', true, true];
  expect(seen).toEqual(expected);
});
