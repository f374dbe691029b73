/* Threat: code inside, or an allowed host that it talks to, brings down or wedges the process that
 * holds the sandbox: the gate stops, signals are not passed on, a CI job hangs. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { requires } from '../support/requires.ts';
import { ROOT, run, type Scratch, SRT, scratch, srt } from '../support/srt.ts';

const source = join(ROOT, 'test', 'support', 'hostile-connect.c');
const PROGRAM = buildC(source, 'cc', ['-static', '-pthread']) ?? '';
const address =
  Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '';
const network = requires(
  'a C compiler and an IPv4 address beside loopback',
  !!PROGRAM && !!address,
);

/** An origin that answers every connection's first bytes with these. */
function origin(answer: string): Promise<{ server: Server; port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => seen.push(chunk.toString('latin1')));
    socket.once('data', () => socket.end(answer, 'latin1'));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ server, port: (server.address() as { port: number }).port, seen });
    });
  });
}

/* Sends a request to the proxy and prints the first line of the answer; then says that it lives. */
const ASK = `
const socket = require('node:net').connect(3128, '127.0.0.1', () => socket.write(process.argv[1]));
let text = '';
socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
socket.on('error', () => {});
socket.on('close', () => console.log(text.split('\\r\\n')[0] + '|alive'));
setTimeout(() => socket.destroy(), 3000).unref();
`;

describe('srt goes on', () => {
  let dir: Scratch;
  beforeAll(() => {
    dir = scratch();
  });
  afterAll(() => dir.remove());

  async function ask(answer: string, requestLine: string, rest = '\r\n') {
    const { server, port, seen } = await origin(answer);
    const settings = dir.settings({ network: { allowedDomains: [`127.0.0.1:${port}`] } });
    const request = `${requestLine.replace('URL', `http://127.0.0.1:${port}/`)}\r\nhost: x\r\n${rest}`;
    const ended = await srt(['-s', settings, process.execPath, '-e', ASK, request]);
    server.close();
    return { ...ended, seen: seen.join('') };
  }

  const CHUNKED =
    'transfer-encoding: chunked\r\ntrailer: a\r\nconnection: close\r\n\r\n0\r\na: b\r\n\r\n';
  test.each([
    ['a good answer: the control', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 'GET', '200'],
    [
      'a reason with a control character',
      'HTTP/1.1 200 a\x01b\r\ncontent-length: 0\r\n\r\n',
      'GET',
      '',
    ],
    ['a status that is none', 'HTTP/1.1 000 x\r\ncontent-length: 2\r\n\r\nhi', 'GET', '502'],
    ['trailers for HTTP/1.0', `HTTP/1.1 200 OK\r\n${CHUNKED}`, 'GET', '200', 'HTTP/1.0'],
  ])('after %s', async (_what, answer, method, status, version = 'HTTP/1.1') => {
    const ended = await ask(answer, `${method} URL ${version}`, 'connection: close\r\n\r\n');
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('|alive');
    expect(ended.stdout).toContain(status);
  });

  test('a body that DELETE carries is not sent as a second request', async () => {
    const inner = 'GET /smuggled HTTP/1.1\r\nHost: evil.example\r\n\r\n';
    const body = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
    const good = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
    const chunked = `transfer-encoding: chunked\r\n\r\n${body}`;
    const refused = await ask(good, 'DELETE URL HTTP/1.1', chunked);
    expect(refused.stdout).toContain('411');
    expect(refused.seen).not.toContain('smuggled');
    /* The control: where a body is its own, it arrives, and as a body. */
    const control = await ask(good, 'POST URL HTTP/1.1', chunked);
    expect(control.seen).toContain('smuggled');
    expect(control.seen).toMatch(/transfer-encoding: chunked/i);
  });

  network('when a host resets a connection whose other half has not come', async () => {
    let resets = 0;
    const server = createServer((socket) => {
      setTimeout(() => socket.resetAndDestroy(), 200);
      resets++;
    });
    await once(server.listen(0, address), 'listening');
    const { port } = server.address() as { port: number };
    const settings = dir.settings({ network: { allowedDomains: [address] } });
    const ended = await srt(['-s', settings, PROGRAM, 'deaf', address, String(port)]);
    server.close();
    expect(ended).toEqual({ code: 0, signal: null, stdout: 'deaf\n', stderr: '' });
    expect(resets).toBe(1);
  });

  test('when its descriptors are used up from inside', async () => {
    const { server, port } = await origin('');
    const settings = dir.settings({ network: { allowedDomains: [`127.0.0.1:${port}`] } });
    const flood = `
      const net = require('node:net');
      for (let i = 0; i < 200; i++) {
        const socket = net.connect(3128, '127.0.0.1', () =>
          socket.write('CONNECT 127.0.0.1:${port} HTTP/1.1\\r\\n\\r\\n'));
        socket.on('error', () => {});
      }
      setTimeout(() => { console.log('alive'); process.exit(7); }, 1500);`;
    const line = 'ulimit -n 150; exec "$@"';
    const argv = [SRT, '-s', settings, 'sh', '-c', 'ulimit -n; exec "$@"', 'sh'];
    const inside = [...argv, process.execPath, '-e', flood];
    const ended = await run(['sh', '-c', line, 'sh', ...inside], { timeout: 15_000 });
    server.close();
    expect(ended.code).toBe(7);
    expect(ended.stdout).toBe('150\nalive\n');
  });
});
