import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/* Big enough that the source is not what limits a tunnel. */
const CHUNK = Buffer.alloc(256 * 1024, 'x');

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

/** An HTTP origin, on loopback if not told otherwise, that gives every request the same answer without parsing it: what
 * it costs is CPU time that the proxy does not get. Returns { port, close }. */
export function startOrigin(host) {
  return listen(
    createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(ANSWER));
    }),
    host,
  );
}

/** A TCP source on loopback: reads one line with a number and sends that many bytes. */
export function startSource() {
  return listen(
    createServer((socket) => {
      /* A client that has read for long enough leaves in the middle. */
      socket.on('error', () => {});
      socket.once('data', (line) => pour(socket, Number(line.toString('latin1'))));
    }),
  );
}

function pour(socket, total) {
  let left = total;
  const more = () => {
    while (left > 0) {
      const size = Math.min(left, CHUNK.length);
      left -= size;
      if (!socket.write(CHUNK.subarray(0, size))) {
        socket.once('drain', more);
        return;
      }
    }
    socket.end();
  };
  more();
}

/** An IPv4 address of this machine beside loopback, which a sandbox has for itself; undefined when
 * there is none. */
export function ownAddress() {
  const found = Object.values(networkInterfaces()).flat();
  return found.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/** Accepts and keeps connections, and says nothing. */
export function startSilence() {
  return listen(createServer((socket) => socket.on('error', () => {}).resume()));
}

async function listen(server, host = '127.0.0.1') {
  /* 32 clients at once must not wait for a full backlog. */
  server.listen({ host, port: 0, backlog: 511 });
  await once(server, 'listening');
  return { port: server.address().port, close: () => server.close() };
}
