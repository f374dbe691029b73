/* Servers on loopback that answer real clients of protocols above TCP and HTTP, each with as much of
 * its protocol as a client needs. All remember what arrived. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createH2cServer,
  createSecureServer,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Origin } from './table.ts';

export function listenOn(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Ends with its connections, however long a client would keep them. */
async function origin(server: Server, requests: unknown[]): Promise<Origin> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  });
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { port: await listenOn(server), requests, close };
}

interface KeyAndCert {
  key: string;
  cert: string;
}

/** The repositories below a folder by the smart protocol: git's own CGI program. */
export function gitServer(folder: string, tls: KeyAndCert | null = null): Promise<Origin> {
  const requests: unknown[] = [];
  return origin(tls ? createHttpsServer(tls, serve) : createHttpServer(serve), requests);

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '', 'http://server.test');
    const header = (name: string) => String(request.headers[name] ?? '');
    requests.push(pathname);
    const program = spawn('git', ['http-backend'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH ?? '',
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_PROTOCOL: header('git-protocol'),
        REQUEST_METHOD: request.method ?? '',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        CONTENT_TYPE: header('content-type'),
        HTTP_CONTENT_ENCODING: header('content-encoding'),
      },
    });
    const output: Buffer[] = [];
    program.stdin.on('error', () => {});
    request.pipe(program.stdin);
    program.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    program.on('close', () => {
      const answer = Buffer.concat(output);
      const end = answer.indexOf('\r\n\r\n');
      for (const line of answer.toString('latin1', 0, end).split('\r\n')) {
        const [name = '', value = ''] = line.split(/: (.*)/);
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.end(answer.subarray(end + 4));
    });
  }
}

/** A registry of one package, which has one version. */
export function npmRegistry(name: string, version: string, tarball: Buffer): Promise<Origin> {
  const requests: unknown[] = [];
  const file = `/${name}/-/${name}-${version}.tgz`;
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = createHttpServer(({ url, headers }, response) => {
    requests.push(url);
    if (url === file) {
      response.end(tarball);
    } else if (url === `/${name}`) {
      const dist = { tarball: `http://${headers.host}${file}`, integrity };
      const versions = { [version]: { name, version, dist } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
    } else {
      response.writeHead(404).end();
    }
  });
  return origin(server, requests);
}

/** RFC 6455 1.3. */
const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answers each short text message with "reached named by" and the text. */
export function webSocketServer(): Promise<Origin> {
  const requests: unknown[] = [];
  const server = createHttpServer();
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    requests.push(request.url);
    const key = `${request.headers['sec-websocket-key']}${WEBSOCKET}`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: upgrade'];
    socket.write(`${[...head, `sec-websocket-accept: ${accept}`].join('\r\n')}\r\n\r\n`);
    socket.on('data', (frame: Buffer) => {
      if (frame[0] !== 0x81) return void socket.end();
      const length = (frame[1] ?? 0) & 0x7f;
      const text = Buffer.from(
        frame.subarray(6, 6 + length).map((byte, at) => byte ^ (frame[2 + (at % 4)] ?? 0)),
      );
      const answer = Buffer.from(`reached named by ${text}`);
      socket.write(Buffer.concat([Buffer.of(0x81, answer.length), answer]));
    });
  });
  return origin(server, requests);
}

/** Answers calls once as many as `together` are open, as gRPC does: a message, then trailers. */
export function callServer(together: number, tls: KeyAndCert | null): Promise<Origin> {
  const requests: unknown[] = [];
  let waiting: ServerHttp2Stream[] = [];
  const server = tls ? createSecureServer(tls) : createH2cServer();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    requests.push(headers[':path']);
    stream.on('error', () => {});
    stream.resume();
    waiting.push(stream);
    if (waiting.length < together) return;
    for (const one of waiting) {
      one.respond(
        { ':status': 200, 'content-type': 'application/grpc' },
        { waitForTrailers: true },
      );
      one.on('wantTrailers', () => one.sendTrailers({ 'grpc-status': '0' }));
      one.end(`reached named ${one.id}`);
    }
    waiting = [];
  });
  return origin(server, requests);
}

/** A length, then one of these codes, where a start of PostgreSQL has its version. */
const ENCRYPTION = [80877103, 80877104];

/** Declines encryption and answers the start of a session with the error "reached NAME as USER". */
export function postgresServer(name: string): Promise<Origin> {
  const requests: unknown[] = [];
  const server = createServer((socket) => {
    socket.on('data', (message: Buffer) => {
      if (ENCRYPTION.includes(message.readInt32BE(4))) return void socket.write('N');
      const [, user = ''] = message.toString('latin1', 8).split('\0');
      requests.push(user);
      const fields = Buffer.from(`SFATAL\0C28000\0Mreached ${name} as ${user}\0\0`);
      const head = Buffer.from('E\0\0\0\0');
      head.writeInt32BE(4 + fields.length, 1);
      socket.end(Buffer.concat([head, fields]));
    });
  });
  return origin(server, requests);
}
