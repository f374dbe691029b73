/* HTTP/2 as gRPC uses it, several calls at once on one connection, with trailers; and WebSocket. */
import { type Certificates, hasOpenssl, makeCertificates } from '../support/certificates.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import { callServer, webSocketServer } from './clients/servers.ts';
import { byUrl, type Client, clientTable, nodeScript, type Origin } from './clients/table.ts';

const TOGETHER = 5;

let dir: Scratch;
let made: Certificates;
beforeAll(() => {
  if (!hasOpenssl) return;
  dir = scratch();
  made = makeCertificates(dir, ['DNS:named.test', 'IP:127.0.0.1']);
});
afterAll(() => dir?.remove());

/* The server answers none of the calls before all have come. */
const CALL = `
const session = require('node:http2').connect(process.argv[1]);
session.on('error', (e) => { console.log(e); process.exit(1); });
const call = () => new Promise((resolve) => {
  const stream = session.request({ ':method': 'POST', ':path': '/service/Call', te: 'trailers' });
  let [text, status] = ['', 'no trailers'];
  stream.on('error', () => {});
  stream.on('data', (data) => { text += data; });
  stream.on('trailers', (trailers) => { status = trailers['grpc-status']; });
  stream.on('end', () => resolve(text + ' status ' + status));
  stream.end('a message');
});
Promise.all(Array.from({ length: ${TOGETHER} }, call)).then((answers) => {
  console.log(answers.join('\\n'));
  session.close();
});`;
const ANSWERS = new RegExp(
  `^${Array.from({ length: TOGETHER }, (_, at) => `reached named ${2 * at + 1} status 0\n`).join('')}$`,
);

const node = (argv: Client['argv']): Client => ({
  needs: process.execPath,
  argv,
  said: ANSWERS,
  failedStatus: 1,
  refused: /EAI_AGAIN/,
  missing: /ENOTFOUND/,
});

const H2C = { 'http2 of Node': node(byUrl(nodeScript(CALL))) };
clientTable(`by h2c, ${TOGETHER} calls at once`, H2C, () => callServer(TOGETHER, null));

const trusting = (url: string) => [
  ...['env', `NODE_EXTRA_CA_CERTS=${made.authority}`],
  ...nodeScript(CALL)(url),
];
const H2 = {
  'http2 of Node': {
    ...node(byUrl(trusting, 'https')),
    complete: hasOpenssl,
    called: 'openssl',
  },
};
const nothing: Origin = { port: 0, requests: [], close: () => {} };
clientTable(`by h2, ${TOGETHER} calls at once`, H2, async () =>
  hasOpenssl ? callServer(TOGETHER, made) : nothing,
);

/* Before Node 22 it has to be asked for. */
const isAsked = Number.parseInt(process.versions.node, 10) < 22;
const FLAGS = isAsked ? ['--experimental-websocket'] : [];
const SOCKET = `
const socket = new WebSocket(process.argv[1]);
socket.onopen = () => socket.send('a frame');
socket.onmessage = ({ data }) => { console.log(data); socket.close(); };
socket.onerror = ({ error, message }) => { console.log(error ?? message); process.exit(1); };`;

/* Neither browsers nor Node tell a program why there is no connection. */
const WEBSOCKET: Record<string, Client> = {
  'WebSocket of Node': {
    needs: process.execPath,
    complete: FLAGS.every((flag) => process.allowedNodeEnvironmentFlags.has(flag)),
    called: 'Node with WebSocket',
    argv: byUrl((url) => [process.execPath, ...FLAGS, '-e', SOCKET, url], 'ws'),
    said: /^reached named by a frame$/m,
    failedStatus: 1,
    refused: /Received network error or non-101 status code/,
    missing: /Received network error or non-101 status code/,
  },
};
clientTable('by WebSocket', WEBSOCKET, webSocketServer);
