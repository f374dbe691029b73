// Run as `node tunnel.mjs '{"direct":…,"port":…,"bytes":…,"seconds":…}'`: reads that many bytes
// through one CONNECT tunnel, or for so many seconds; prints JSON.
import { connect } from 'node:net';
import { routeTo } from './route.mjs';

const { direct, port, bytes, seconds } = JSON.parse(process.argv[2]);
const route = await routeTo(port, direct);
let head = direct ? null : '';
let begun = 0;
let counted = 0;

const socket = connect({
  host: route.host,
  port: route.port,
  /* One buffer for all reads: the client must not be what limits the tunnel. */
  onread: { buffer: Buffer.alloc(1024 * 1024), callback: take },
});
socket.on('error', fail);
socket.on('end', finish);
socket.on('connect', () => {
  if (direct) start();
  else socket.write([`CONNECT 127.0.0.1:${port} HTTP/1.1`, ...route.headers, '\r\n'].join('\r\n'));
});

function take(length, buffer) {
  if (head === null) {
    counted += length;
  } else {
    head += buffer.toString('latin1', 0, length);
    /* The source is silent until it is asked, so nothing can follow the head yet. */
    if (head.endsWith('\r\n\r\n')) {
      if (!head.startsWith('HTTP/1.1 200 ')) fail(new Error(`CONNECT: ${head.split('\r\n')[0]}`));
      head = null;
      start();
    }
  }
  return true;
}

function start() {
  begun = performance.now();
  setTimeout(finish, seconds * 1000).unref();
  socket.write(`${bytes}\n`);
}

function finish() {
  const megabytesPerSecond = counted / 1e6 / ((performance.now() - begun) / 1000);
  console.log(JSON.stringify({ counted, megabytesPerSecond }));
  process.exit(0);
}

function fail(error) {
  console.error(error.message);
  process.exit(1);
}
