// Run as `node idle-tunnels.mjs '{"port":…,"count":…}'`: opens that many CONNECT tunnels, prints a
// line, and keeps them until its input ends.
import { connect } from 'node:net';
import { routeTo } from './route.mjs';

const { port, count } = JSON.parse(process.argv[2]);
const route = await routeTo(port, false);
const head = [`CONNECT 127.0.0.1:${port} HTTP/1.1`, ...route.headers, '\r\n'].join('\r\n');

function open() {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: route.host, port: route.port }, () => socket.write(head));
    socket.on('error', reject);
    socket.once('data', (answer) => {
      if (answer.toString('latin1').startsWith('HTTP/1.1 200 ')) resolve();
      else reject(new Error(answer.toString('latin1').split('\r\n')[0]));
    });
  });
}

let left = count;
async function work() {
  while (left-- > 0) await open();
}
await Promise.all(Array.from({ length: 32 }, work));
console.log('open');
process.stdin.on('end', () => process.exit(0)).resume();
