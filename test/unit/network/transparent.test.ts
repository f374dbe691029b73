import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDestinations } from '../../../src/network/destination.ts';
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
