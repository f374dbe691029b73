/* The contract with Node, for each major that is supported: the names that reused-buffer.ts uses
 * are there, and mean what they mean for net's own option `onread`. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { readInto } from '../../../../src/network/tunnel/reused-buffer.ts';
import { client, type Upstream, upstream } from '../loopback.ts';

let front: Upstream;
beforeEach(async () => {
  front = await upstream(() => {});
});
afterEach(() => front.close());

async function pair(): Promise<{ near: Socket; far: Socket }> {
  const near = await client(front.port);
  return { near, far: await front.first };
}

test.each([
  'accepted',
  'connected',
])('a socket that was %s reads into the buffer', async (which) => {
  const { near, far } = await pair();
  const [from, to] = which === 'accepted' ? [far, near] : [near, far];
  const buffer = Buffer.alloc(8);
  let text = '';
  const onRead = (length: number) => {
    text += buffer.toString('latin1', 0, length);
    return true;
  };
  from.on('data', () => {
    text += '<data>';
  });
  expect(readInto(from, buffer, onRead)).toBe(true);
  from.resume();
  to.end('more than eight bytes');
  await once(from, 'end');
  expect(text).toBe('more than eight bytes');
  near.destroy();
});

test('false stops reading, and resume goes on', async () => {
  const { near, far } = await pair();
  const buffer = Buffer.alloc(4);
  const seen: string[] = [];
  const onRead = (length: number) => {
    seen.push(buffer.toString('latin1', 0, length));
    return false;
  };
  expect(readInto(near, buffer, onRead)).toBe(true);
  near.resume();
  far.end('12345678');
  while (seen.length === 0) await new Promise(setImmediate);
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect(seen).toEqual(['1234']);
  near.resume();
  while (seen.length === 1) await new Promise(setImmediate);
  expect(seen).toEqual(['1234', '5678']);
  near.destroy();
});

describe('nothing changes', () => {
  test('where something was read already', async () => {
    const { near, far } = await pair();
    far.write('early');
    await once(near, 'readable');
    expect(readInto(near, Buffer.alloc(8), () => true)).toBe(false);
    expect(String(near.read())).toBe('early');
    near.destroy();
  });

  test('where net reads into a buffer of its own', async () => {
    const onread = { buffer: Buffer.alloc(8), callback: () => true };
    const socket = connect({ port: front.port, host: '127.0.0.1', onread });
    await once(socket, 'connect');
    expect(readInto(socket, Buffer.alloc(8), () => true)).toBe(false);
    socket.destroy();
  });

  test('where the socket is closed', async () => {
    const { near } = await pair();
    near.destroy();
    expect(readInto(near, Buffer.alloc(8), () => true)).toBe(false);
  });
});
