import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDestinations, type Destinations } from '../../../src/network/destination.ts';
import { MAX_DIALS } from '../../../src/network/limits.ts';
import { createTransparent } from '../../../src/network/transparent.ts';
import { networkPolicy } from '../rules.ts';
import { type Upstream, upstream } from './loopback.ts';

/** An origin that ends each connection in this way, a gateway, and who connects to them. */
async function given(end: (socket: Socket) => void) {
  const origin = await upstream(end);
  const destinations = createDestinations(networkPolicy('127.0.0.1'), () => {});
  const joined: Socket[] = [];
  const transparent = createTransparent(destinations, (inside, outside) => {
    joined.push(outside);
    inside.end('joined');
  });
  const gateway: Upstream = await upstream(transparent.serve);
  return {
    joined,
    /** A connect of a process inside that comes to the gateway after `delay` ms. */
    async arrive(delay: number): Promise<string> {
      const about = { id: 1, pid: 2, command: 'test', blocking: true };
      const { port } = origin;
      expect(await transparent.ask({ ...about, address: '127.0.0.1', port })).toBe(0);
      await sleep(delay);
      const inside = connect(gateway.port, '127.0.0.1');
      await once(inside, 'connect');
      transparent.connecting({ id: 1, family: 4, port: inside.localPort ?? 0 });
      let text = '';
      inside.on('data', (chunk) => {
        text += chunk;
      });
      const ended = new Promise<string>((resolve) => {
        inside.on('end', () => resolve(text));
        inside.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''));
      });
      const late = sleep(3000, 'waits', { ref: false });
      const how = await Promise.race([ended, late]);
      for (const part of [origin, gateway]) part.close();
      inside.destroy();
      return how;
    },
  };
}

test('connects whose other half does not come are limited in number', async () => {
  const origin = await upstream(() => {});
  const destinations = createDestinations(networkPolicy('127.0.0.1'), () => {});
  const dial: Destinations['dial'] = async () => ({ outcome: 'unreachable', errno: 'EIO' });
  const { ask, connecting } = createTransparent({ ...destinations, dial }, () => {});
  const to = { address: '127.0.0.1', port: origin.port };
  const about = { pid: 2, command: 'test', blocking: false };
  const waiting: Destinations['dial'] = () => new Promise(() => {});
  const held = createTransparent({ ...destinations, dial: waiting }, () => {});
  const asked = Array.from({ length: MAX_DIALS }, (_, id) => held.ask({ ...about, ...to, id }));
  expect(new Set(await Promise.all(asked))).toEqual(new Set([0]));
  expect(await held.ask({ ...about, ...to, id: MAX_DIALS })).toBe(constants.errno.EAGAIN);
  held.connecting({ id: 0, family: 4, port: null });
  expect(await held.ask({ ...about, ...to, id: MAX_DIALS })).toBe(0);
  /* What failed at once waits for nothing: the control. */
  for (let id = 0; id < MAX_DIALS + 1; id++)
    expect(await ask({ ...about, ...to, id })).toBe(constants.errno.EIO);
  connecting({ id: 0, family: 4, port: 1 });
  origin.close();
});

describe('a connection whose origin', () => {
  test('stays is joined: the control', async () => {
    const { arrive, joined } = await given(() => {});
    expect(await arrive(100)).toBe('joined');
    expect(joined.length).toBe(1);
  });

  test('resets before the other half has come is reset', async () => {
    const { arrive, joined } = await given((socket) => {
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
    expect(await arrive(100)).toBe('ECONNRESET');
    expect(joined).toEqual([]);
  });
});
