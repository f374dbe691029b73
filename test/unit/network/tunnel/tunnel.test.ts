import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinTunnel } from '../../../../src/network/tunnel/tunnel.ts';
import { client, readAll, type Upstream, upstream } from '../loopback.ts';

const open: Upstream[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

interface Joined {
  near: Socket;
  far: Socket;
  inside: Socket;
  outside: Socket;
}

/** near - inside = outside - far, where the tunnel joins the two in the middle. */
async function joined(): Promise<Joined> {
  const server = await upstream(() => {});
  const front = await upstream(() => {});
  open.push(server, front);
  const near = await client(front.port);
  const inside = await front.first;
  const outside = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  await once(outside, 'connect');
  joinTunnel(inside, outside, { mayPass: () => true });
  return { near, far: await server.first, inside, outside };
}

test.each([
  'inside',
  'outside',
] as const)('one that is gone before they are joined takes the other along: the %s', async (side) => {
  const [server, front] = [await upstream(() => {}), await upstream(() => {})];
  open.push(server, front);
  const near = await client(front.port);
  const inside = await front.first;
  const outside = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  await once(outside, 'connect');
  const far = await server.first;
  const [gone, other] = side === 'inside' ? [inside, far] : [outside, near];
  const closed = new Promise((resolve) => other.resume().on('error', resolve).on('end', resolve));
  gone.destroy();
  await once(gone, 'close');
  joinTunnel(inside, outside, { mayPass: () => true });
  expect(await Promise.race([closed.then(() => 'ended'), sleep(2000, 'left open')])).toBe('ended');
});

const large = randomBytes(4 * 1024 * 1024);
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('bytes pass both ways', async () => {
  const { near, far } = await joined();
  near.end('to the server');
  expect(String(await readAll(far))).toBe('to the server');
  far.end('to the client');
  expect(String(await readAll(near))).toBe('to the client');
});

test('the client ends first: the answer still comes, whole', async () => {
  const { near, far } = await joined();
  near.end('question');
  expect(String(await readAll(far))).toBe('question');
  await sleep(50);
  far.end(large);
  expect(digest(await readAll(near))).toBe(digest(large));
});

test('the server ends first: the rest of the upload still arrives, whole', async () => {
  const { near, far } = await joined();
  far.end('enough');
  expect(String(await readAll(near))).toBe('enough');
  await sleep(50);
  near.end(large);
  expect(digest(await readAll(far))).toBe(digest(large));
});

test('the server closes while the client reads slowly: nothing is lost', async () => {
  const { near, far } = await joined();
  near.end();
  far.resume();
  far.end(large);
  const chunks: Buffer[] = [];
  for await (const chunk of near) {
    chunks.push(chunk as Buffer);
    if (chunks.length % 16 === 0) await sleep(2);
  }
  expect(digest(Buffer.concat(chunks))).toBe(digest(large));
});

test('both ways at once', async () => {
  const { near, far } = await joined();
  far.pipe(far);
  near.end(large);
  expect(digest(await readAll(near))).toBe(digest(large));
});

test('who reads slowly holds back who sends, and the tunnel stores little', async () => {
  const { far, inside } = await joined();
  far.write(Buffer.alloc(64 * 1024 * 1024));
  await sleep(200);
  expect(inside.bytesWritten).toBeGreaterThan(0);
  expect(inside.writableLength).toBeLessThan(1024 * 1024);
});

test('both sockets are closed when both directions have ended', async () => {
  const { near, far, inside, outside } = await joined();
  const closed = Promise.all([once(inside, 'close'), once(outside, 'close')]);
  near.end();
  far.end();
  near.resume();
  far.resume();
  await closed;
});

test.each(['near', 'far'] as const)('a reset of the %s side resets the other', async (side) => {
  const { near, far, inside, outside } = await joined();
  const [one, other] = side === 'near' ? [near, far] : [far, near];
  other.resume();
  const closed = Promise.all([inside, outside, other].map((socket) => once(socket, 'close')));
  one.resetAndDestroy();
  await closed.catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('ECONNRESET'));
  expect([inside.destroyed, outside.destroyed]).toEqual([true, true]);
});

test('a reset is not taken for an end', async () => {
  const { near, far } = await joined();
  const failed = once(near, 'error');
  near.resume();
  far.write('half an answer');
  await once(near, 'data');
  far.resetAndDestroy();
  const [error] = await failed;
  expect(error.code).toBe('ECONNRESET');
});

test('the server answers, and resets because it does not want the rest: the answer comes', async () => {
  const { near, far } = await joined();
  const closed = new Promise((resolve) => near.once('close', resolve));
  const answer = large.subarray(0, 50_000);
  far.write(answer);
  await sleep(50);
  far.resetAndDestroy();
  await sleep(50);
  const chunks: Buffer[] = [];
  near.on('data', (chunk: Buffer) => chunks.push(chunk));
  await closed;
  expect(digest(Buffer.concat(chunks))).toBe(digest(answer));
});

test('much, in pieces of all sizes, with a reader that stops now and then', async () => {
  const { near, far } = await joined();
  const hash = createHash('sha256');
  let left = 24 * 1024 * 1024;
  const fill = () => {
    while (left > 0) {
      const piece = large.subarray(0, Math.min(left, 1 + ((left * 7919) % 300_000)));
      left -= piece.length;
      hash.update(piece);
      if (!far.write(piece)) {
        far.once('drain', fill);
        return;
      }
    }
    far.end();
  };
  fill();
  const seen = createHash('sha256');
  let count = 0;
  for await (const chunk of near) {
    seen.update(chunk as Buffer);
    if (++count % 40 === 0) await sleep(1);
  }
  expect(seen.digest('hex')).toBe(hash.digest('hex'));
  near.end();
});

test('an upload that the server no longer reads ends some time after its client', async () => {
  const { near, far, outside } = await joined();
  far.end();
  near.resume();
  await once(near, 'end');
  near.end('the last of it');
  await once(near, 'close');
  while (!outside.timeout && !outside.destroyed) await sleep(5);
  expect(outside.destroyed || outside.timeout === 60_000).toBe(true);
});

test('an idle tunnel has no time limit', async () => {
  const { inside, outside } = await joined();
  expect([inside.timeout ?? 0, outside.timeout ?? 0]).toEqual([0, 0]);
});
