import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import type { Inside } from '../../../src/boundary.ts';
import { type Outside, openControl } from '../../../src/supervisor/control.ts';
import { encodeDial, encodeVerdict } from '../../../src/supervisor/frames.ts';
import { socketsOfChild } from '../../../src/supervisor/handles.ts';
import { Type } from '../../../src/supervisor/init-messages.ts';

function frame(type: number, payload: Buffer): Buffer {
  const head = Buffer.from([0, 0, 0, 0, type]);
  head.writeUInt32LE(payload.length + 1);
  return Buffer.concat([head, payload]);
}

const CONNECT = frame(
  Type.connect,
  Buffer.concat([
    Buffer.from([9, 0, 0, 0, 3, 0, 0, 0, 1, 4, 80, 0, 192, 0, 2, 1]),
    Buffer.alloc(12),
    Buffer.from('nc'),
  ]),
);
const STARTED = frame(Type.started, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]));

/** A channel whose other end the test holds. */
function given(outside: Partial<Outside>) {
  const sent: Buffer[] = [];
  let take = (_bytes: Buffer) => true;
  let destroyed = false;
  const channel = {
    read(taking: typeof take) {
      take = taking;
    },
    write: (bytes: Buffer) => void sent.push(bytes),
    destroy: () => {
      destroyed = true;
    },
  };
  const child = new EventEmitter();
  let inside: Inside | null = null;
  const control = openControl(
    { channel, sockets: socketsOfChild(child) },
    {
      started: (running) => {
        inside = running;
      },
      listener: () => {},
      connect: async () => 0,
      connecting: () => {},
      refused: () => {},
      handedOver: () => {},
      ...outside,
    },
  );
  const receive = (bytes: Buffer) => take(bytes);
  const isDestroyed = () => destroyed;
  return { control, sent, child, isDestroyed, receive, inside: () => inside as unknown as Inside };
}

test.each([0, constants.errno.ECONNREFUSED])('a connect gets its verdict: %i', async (errno) => {
  const { sent, receive } = given({ connect: async () => errno });
  receive(CONNECT);
  await new Promise(setImmediate);
  expect(sent).toEqual([encodeVerdict(9, errno)]);
});

test('a connect that cannot be decided is refused, and does not wait for ever', async () => {
  const { sent, receive } = given({ connect: () => Promise.reject(new Error('broken')) });
  receive(CONNECT);
  await new Promise(setImmediate);
  expect(sent).toEqual([encodeVerdict(9, constants.errno.EACCES)]);
});

test('a dial is resolved by the handle that comes for it, and rejected by its errno', async () => {
  const { sent, receive, child, inside } = given({});
  receive(STARTED);
  const [first, second] = [inside().dial(80), inside().dial(81)];
  expect(sent).toEqual([encodeDial(1, 80), encodeDial(2, 81)]);
  const handle = {};
  child.emit('message', { dial: 2 }, handle);
  receive(frame(Type.dialled, Buffer.from([1, 0, 0, 0, 111, 0, 0, 0])));
  await expect(second).resolves.toBe(handle);
  await expect(first).rejects.toBe(111);
});

test('listeners come by their place in the plan', () => {
  const places: number[] = [];
  const { child } = given({ listener: (place) => places.push(place) });
  child.emit('message', { listener: 3 }, {});
  child.emit('message', { listener: 4 });
  expect(places).toEqual([3]);
});

test('a frame that srt-init never sends ends the channel, and so the sandbox', () => {
  const { isDestroyed, receive } = given({});
  expect(receive(STARTED)).toBe(true);
  expect(isDestroyed()).toBe(false);
  expect(receive(frame(99, Buffer.alloc(0)))).toBe(false);
  expect(isDestroyed()).toBe(true);
});

test('a frame in pieces is one frame', () => {
  const { control, receive } = given({});
  for (const byte of STARTED) receive(Buffer.from([byte]));
  expect(control.last()).toEqual({
    type: 'started',
    ...{ mediation: 0, files: 0, ipv6: true, sockets: true },
  });
});

test.each([
  ['exited', frame(Type.exited, Buffer.from([0, 3]))],
  ['killed', frame(Type.exited, Buffer.from([1, 9]))],
])('nothing matters after the command has %s', async (_how, last) => {
  const { control, receive } = given({});
  let over = false;
  control.over.then(() => {
    over = true;
  });
  expect(receive(STARTED)).toBe(true);
  await new Promise(setImmediate);
  expect(over).toBe(false);
  expect(receive(last)).toBe(false);
  await new Promise(setImmediate);
  expect(over).toBe(true);
});

test.each([
  ['exited', frame(Type.exited, Buffer.from([0, 3])), true],
  ['signalled', frame(Type.exited, Buffer.from([1, 9])), true],
  ['failed', frame(Type.failed, Buffer.from('\x02\0\0\0step')), true],
  ['not-executed', frame(Type.notExecuted, Buffer.from('\x02\0\0\0step')), true],
  ['started', STARTED, false],
])('the channel is closed on a last word only: %s', (type, bytes, isLast) => {
  const { receive, control, isDestroyed } = given({});
  expect(receive(bytes)).toBe(!isLast);
  expect(control.last()).toMatchObject({ type });
  expect(isDestroyed()).toBe(isLast);
});

test('what is still asked for when the command is over is not', () => {
  const asked: number[] = [];
  const { receive } = given({
    connect: async ({ id }) => asked.push(id),
  });
  receive(Buffer.concat([CONNECT, frame(Type.exited, Buffer.from([0, 0])), CONNECT]));
  expect(asked).toHaveLength(1);
});
