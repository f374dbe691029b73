import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import type { ConnectRequest } from '../../../src/boundary.ts';
import type { Destinations, Dialled } from '../../../src/network/destination.ts';
import { createTransparent } from '../../../src/network/transparent.ts';
import { decideDestination } from '../../../src/policy/network-decision.ts';
import { networkPolicy } from '../rules.ts';

const { EACCES, ECONNREFUSED, EHOSTUNREACH } = constants.errno;

class FakeSocket extends EventEmitter {
  destroyed = false;
  wasReset = false;
  remoteFamily = 'IPv4';
  remotePort = 0;
  destroy() {
    this.destroyed = true;
    return this;
  }
  resetAndDestroy() {
    this.wasReset = true;
    return this.destroy();
  }
}

const socket = () => new FakeSocket();
const asSocket = (fake: FakeSocket) => fake as unknown as Socket;
const connected = (outside: FakeSocket): Dialled => ({
  outcome: 'connected',
  socket: asSocket(outside),
});

function given(dialled: Promise<Dialled>) {
  const policy = networkPolicy('192.0.2.1');
  const askers: unknown[] = [];
  const destinations: Destinations = {
    policy,
    decide: (_protocol, host, port, by) => {
      askers.push(by);
      return decideDestination(policy.domains, host, port);
    },
    dial: () => dialled,
    recheck: () => {},
  };
  const joined: [Socket, Socket][] = [];
  const transparent = createTransparent(destinations, (inside, outside) => {
    joined.push([inside, outside]);
  });
  return { ...transparent, joined, askers };
}

const request = (change: Partial<ConnectRequest> = {}): ConnectRequest => ({
  ...{ id: 7, pid: 12, command: 'nc', address: '192.0.2.1', port: 80, blocking: true },
  ...change,
});

const arriving = (port: number) => Object.assign(socket(), { remotePort: port });

const never = new Promise<Dialled>(() => {});

test('what no rule allows is refused, in the name of who asked', async () => {
  const { ask, askers } = given(never);
  expect(await ask(request({ address: '192.0.2.2' }))).toBe(EACCES);
  expect(askers).toEqual([{ pid: 12, command: 'nc' }]);
});

test.each<[Dialled, number]>([
  [{ outcome: 'unreachable', errno: 'ECONNREFUSED' }, ECONNREFUSED],
  [{ outcome: 'unreachable', errno: 'ENOTFOUND' }, EHOSTUNREACH],
])('who waits gets the errno of %j', async (dialled, errno) => {
  const { ask } = given(Promise.resolve(dialled));
  expect(await ask(request())).toBe(errno);
  expect(await ask(request({ blocking: false }))).toBe(errno);
});

test('who does not wait is let go before the outcome is known', async () => {
  const { ask } = given(never);
  expect(await ask(request({ blocking: false }))).toBe(0);
});

describe.each([
  ['the word of the port', true],
  ['the connection', false],
])('where %s comes first', (_what, wordFirst) => {
  test('both meet', async () => {
    const outside = socket();
    const { ask, connecting, serve, joined } = given(Promise.resolve(connected(outside)));
    expect(await ask(request())).toBe(0);
    const inside = arriving(40_000);
    const word = () => connecting({ id: 7, family: 4, port: 40_000 });
    if (wordFirst) word();
    serve(asSocket(inside));
    if (!wordFirst) word();
    await new Promise(setImmediate);
    expect(joined).toEqual([[inside, outside]]);
  });
});

test('a connection of the other family, or of another port, is not the announced one', async () => {
  const { ask, connecting, serve, joined } = given(Promise.resolve(connected(socket())));
  await ask(request());
  connecting({ id: 7, family: 6, port: 40_000 });
  serve(asSocket(arriving(40_000)));
  serve(asSocket(Object.assign(arriving(40_001), { remoteFamily: 'IPv6' })));
  await new Promise(setImmediate);
  expect(joined).toEqual([]);
});

test('a dial that fails later resets the connection', async () => {
  const failed: Promise<Dialled> = new Promise((resolve) => {
    setTimeout(resolve, 20, { outcome: 'unreachable', errno: 'ETIMEDOUT' });
  });
  const { ask, connecting, serve, joined } = given(failed);
  expect(await ask(request({ blocking: false }))).toBe(0);
  const inside = arriving(40_000);
  serve(asSocket(inside));
  connecting({ id: 7, family: 4, port: 40_000 });
  await failed;
  await new Promise(setImmediate);
  expect({ joined, reset: inside.wasReset }).toEqual({ joined: [], reset: true });
});

test.each([
  ['a process that gave up', null],
  ['a connection that never comes', 40_000],
])('%s leaves nothing dialled', async (_what, port) => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  const outside = socket();
  const { ask, connecting } = given(Promise.resolve(connected(outside)));
  await ask(request());
  connecting({ id: 7, family: 4, port });
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
  await new Promise(setImmediate);
  expect(outside.destroyed).toBe(true);
});

test('a connection that nobody announced is closed after a while', () => {
  jest.useFakeTimers();
  const { serve } = given(never);
  const inside = arriving(40_000);
  serve(asSocket(inside));
  expect(inside.destroyed).toBe(false);
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
  expect(inside.destroyed).toBe(true);
});

test('a word about something that was not asked for is nothing', () => {
  const { connecting } = given(never);
  expect(() => connecting({ id: 8, family: 4, port: 1 })).not.toThrow();
});
