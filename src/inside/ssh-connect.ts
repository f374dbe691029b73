/* Runs inside of a sandbox, as the ProxyCommand of ssh: node ssh-connect.cjs HOST PORT joins standard
 * input and output to a tunnel through the gate, whose address and token HTTPS_PROXY has. */
import { connect } from 'node:net';

const MAX_HEAD = 16 * 1024;

const [host = '', port = ''] = process.argv.slice(2);
const proxy = new URL(process.env.HTTPS_PROXY ?? 'http://none.invalid');
const credentials = [proxy.username, proxy.password].map(decodeURIComponent).join(':');
const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;

const fail = (problem: string) => {
  process.stderr.write(`srt: ${authority}: ${problem}\n`);
  process.exit(1);
};

const socket = connect({ host: proxy.hostname, port: Number(proxy.port), allowHalfOpen: true });
socket.on('error', ({ message }) => fail(message));
socket.write(
  `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n` +
    `proxy-authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n\r\n`,
);

let head = Buffer.alloc(0);
const closed = () => fail('the gate closed the connection');
socket.on('end', closed);
socket.on('data', function read(chunk: Buffer) {
  head = Buffer.concat([head, chunk]);
  const end = head.indexOf('\r\n\r\n');
  if (end === -1 && head.length <= MAX_HEAD) return;
  const answer = head.toString('utf8');
  if (!/^HTTP\/1\.1 200 /.test(answer)) {
    fail(answer.slice(end + 4).trim() || answer.split('\r\n', 1).join());
    return;
  }
  socket.pause().off('end', closed).off('data', read);
  socket.unshift(head.subarray(end + 4));
  socket.pipe(process.stdout);
  /* Node never closes standard output by itself, and ssh would wait for that. */
  socket.on('end', () => process.stdout.write('', () => process.exit(0)));
  process.stdin.pipe(socket);
});
