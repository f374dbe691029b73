import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { serveDnsTcp } from '../../../../src/network/dns/server.ts';
import type { DnsService } from '../../../../src/network/dns/service.ts';
import { query, words } from './bytes.ts';

/* The clock is not the machine's, so the socket cannot be either. */
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function given(answer: DnsService['answer'] = async (message) => message) {
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    writable: true,
    writableNeedDrain: false,
    written: [] as Buffer[],
    write: (bytes: Buffer) => socket.written.push(bytes) > 0,
    pause: () => socket,
    resume: () => socket,
    end: () => socket,
    destroy: () => {
      socket.destroyed = true;
      socket.emit('close');
    },
  });
  serveDnsTcp({ answer }, socket as unknown as Socket);
  return socket;
}

const whole = Buffer.concat([words(29), query('example.com')]);

test('a connection that says nothing is closed after ten seconds', () => {
  const socket = given();
  jest.advanceTimersByTime(9_999);
  expect(socket.destroyed).toBe(false);
  jest.advanceTimersByTime(1);
  expect(socket.destroyed).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});

test('so is one whose bytes trickle in', () => {
  const socket = given();
  for (const byte of whole.subarray(0, 10)) {
    socket.emit('data', Buffer.of(byte));
    jest.advanceTimersByTime(1_000);
  }
  expect(socket.destroyed).toBe(true);
});

test('and one that asks on without reading', async () => {
  const socket = given();
  socket.emit('data', whole);
  await jest.advanceTimersByTimeAsync(0);
  socket.writableNeedDrain = true;
  for (let second = 0; second < 10; second++) {
    socket.emit('data', whole);
    await jest.advanceTimersByTimeAsync(1_000);
  }
  expect([socket.written.length, socket.destroyed]).toEqual([1, true]);
});

test('one that asks in time stays open', async () => {
  const socket = given();
  for (let i = 1; i <= 10; i++) {
    await jest.advanceTimersByTimeAsync(9_000);
    socket.emit('data', whole);
    await jest.advanceTimersByTimeAsync(0);
    expect([socket.written.length, socket.destroyed]).toEqual([i, false]);
  }
  socket.destroy();
});

test('one that waits for an answer stays open until it has it, and ten seconds more', async () => {
  let answer = (_bytes: Buffer) => {};
  const socket = given(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  socket.emit('data', whole);
  await jest.advanceTimersByTimeAsync(45_000);
  answer(Buffer.of(1));
  await jest.advanceTimersByTimeAsync(9_999);
  expect([socket.written, socket.destroyed]).toEqual([[Buffer.of(0, 1, 1)], false]);
  await jest.advanceTimersByTimeAsync(1);
  expect(socket.destroyed).toBe(true);
});
