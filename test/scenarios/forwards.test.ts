/* network.forward: single ports between this machine's loopback and a sandbox's. */
import { connect } from 'node:net';
import { runInside } from '../support/network-sandbox.ts';
import { freePort, httpServer, streamServer } from '../support/servers.ts';

const GET = `
  require('node:http').get({ host: '127.0.0.1', port: process.argv[1] },
    (answer) => answer.pipe(process.stdout)).on('error', (e) => console.log(e.code));`;

const get = (port: number) => [process.execPath, '-e', GET, String(port)];

test('a port of the host is one of the sandbox, and no other is', async () => {
  const server = await httpServer('forwarded');
  const neighbour = await httpServer('neighbour');
  const network = { forward: [`host:${server.port} -> 5432`] };
  expect((await runInside({ network }, get(5432))).stdout).toBe('reached forwarded');
  expect(server.requests).toHaveLength(1);
  expect((await runInside({ network }, get(server.port))).stdout).toBe('ECONNREFUSED\n');
  expect((await runInside({ network }, get(neighbour.port))).stdout).toBe('ECONNREFUSED\n');
  expect(neighbour.requests).toEqual([]);
  await server.close();
  await neighbour.close();
});

test('a port of the host where nobody listens resets the connection', async () => {
  const gone = await streamServer({ address: '127.0.0.1' });
  await gone.close();
  const network = { forward: [`host:${gone.port} -> 5432`] };
  expect((await runInside({ network }, get(5432))).stdout).toMatch(/^ECONNRESET\n$/);
});

/** Serves until a client has come and gone. */
const SERVE = (host: string) => `
  const server = require('node:net').createServer((socket) => {
    socket.on('data', (data) => socket.end('inside got ' + data));
    socket.on('close', () => process.exit(0));
  });
  server.listen(8080, '${host}');`;

/** Asks again until the command inside listens; the test's own time limit bounds it. */
async function askPublished(port: number): Promise<string> {
  for (;;) {
    const said = await new Promise<string>((resolve) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('hello'));
      socket.on('data', (data) => {
        answer += data;
      });
      socket.on('error', () => resolve(''));
      socket.on('close', () => resolve(answer));
    });
    if (said !== '') return said;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.each([
  '127.0.0.1',
  '::1',
])('a port of the sandbox, on %s, is one of the host', async (host) => {
  const port = await freePort();
  const network = { forward: [`8080 -> host:${port}`] };
  const ran = runInside({ network }, [process.execPath, '-e', SERVE(host)]);
  expect(await askPublished(port)).toBe('inside got hello');
  expect((await ran).code).toBe(0);
  /* With the sandbox the port is gone. */
  await expect(
    new Promise((resolve, reject) =>
      connect(port, '127.0.0.1', () => resolve(0)).on('error', reject),
    ),
  ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a port of the host that is taken keeps the command from starting', async () => {
  const other = await streamServer({ address: '127.0.0.1' });
  const network = { forward: [`8080 -> host:${other.port}`] };
  await expect(runInside({ network }, ['true'])).rejects.toMatchObject({
    code: 'SRT_NETWORK_FORWARD',
    message: expect.stringContaining('EADDRINUSE'),
  });
  await other.close();
  expect((await runInside({ network }, ['true'])).code).toBe(0);
});
