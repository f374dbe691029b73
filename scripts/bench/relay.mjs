// Run as `node relay.mjs`; prints its port, and ends with its input. The least that a proxy in Node does
// for a connection: it decides nothing, checks nobody, believes that a head comes in one piece, and hands
// on what comes.
import { connect, createServer } from 'node:net';

const server = createServer({ noDelay: true }, (client) => {
  client.on('error', () => {});
  client.once('data', (head) => {
    const [, method, host, port, path] = head
      .toString('latin1')
      .match(/^(\w+) (?:http:\/\/)?([\d.]+):(\d+)(\S*)/);
    const tunnel = method === 'CONNECT';
    const origin = connect({ host, port: Number(port), noDelay: true }, () => {
      if (tunnel) client.write('HTTP/1.1 200 OK\r\n\r\n');
      else
        origin.write(`${method} ${path}${head.toString('latin1').slice(head.indexOf(' HTTP/'))}`);
      client.pipe(origin).pipe(client);
    });
    origin.on('error', () => client.destroy());
  });
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 511 }, () =>
  console.log(server.address().port),
);
process.stdin.on('end', () => process.exit()).resume();
