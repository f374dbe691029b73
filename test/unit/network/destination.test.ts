import { isIPv4 } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SandboxEvent } from '../../../src/events.ts';
import { createDestinations } from '../../../src/network/destination.ts';
import { MAX_DIALS } from '../../../src/network/limits.ts';
import { ownAddresses } from '../../../src/network/own-addresses.ts';
import type { Resolve } from '../../../src/network/resolver.ts';
import { isLocalAddress } from '../../../src/policy/local-address.ts';
import type { Permission } from '../../../src/policy/network-decision.ts';
import { requires } from '../../support/requires.ts';
import { domainRule, networkPolicy } from '../rules.ts';
import { closedPort, type Upstream, upstream } from './loopback.ts';

let server: Upstream;
beforeAll(async () => {
  server = await upstream((socket) => socket.end('reached'));
});
afterAll(() => server.close());

function given(entries: string[], answers: Record<string, string[] | Error> = {}) {
  const events: SandboxEvent[] = [];
  const asked: string[] = [];
  const resolve: Resolve = async (name) => {
    asked.push(name);
    const answer = answers[name];
    if (!answer) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const destinations = createDestinations(
    networkPolicy(...entries),
    (e) => events.push(e),
    resolve,
  );
  const permit = (host: string, port: number): Permission => {
    const decision = destinations.decide('connect', host, port);
    if (!decision.allowed) throw new Error(`${host} is refused: ${decision.reason}`);
    return decision;
  };
  return { ...destinations, permit, events, asked };
}

describe('deciding', () => {
  test('an allowed destination is no event yet', () => {
    const { decide, events } = given(['example.com']);
    expect(decide('http', 'example.com', 80).allowed).toBe(true);
    expect(events).toEqual([]);
  });

  test('a refusal is an event with its reason and rule', () => {
    const { decide, events } = given(['example.com', '!*.EXAMPLE.net']);
    decide('socks5', 'A.example.net', 443);
    decide('http', 'other.example', 80);
    decide('connect', 'a\0b', 80);
    expect(events).toEqual([
      {
        type: 'refused',
        protocol: 'socks5',
        host: 'a.example.net',
        port: 443,
        reason: 'denied-by-rule',
        rule: '*.EXAMPLE.net',
      },
      {
        type: 'refused',
        protocol: 'http',
        host: 'other.example',
        port: 80,
        reason: 'not-allowed',
        rule: null,
      },
      {
        type: 'refused',
        protocol: 'connect',
        host: 'a\0b',
        port: 80,
        reason: 'malformed-host',
        rule: null,
      },
    ]);
  });
});

describe('dialling', () => {
  test('is not begun beyond the limit, and goes on below it', async () => {
    let answer: (addresses: string[]) => void = () => {};
    const waits = new Promise<string[]>((resolve) => {
      answer = resolve;
    });
    const slow = createDestinations(
      networkPolicy('*.example.com'),
      () => {},
      () => waits,
    );
    const dial = async () => {
      const decision = slow.decide('transparent', 'a.example.com', 443);
      return decision.allowed ? slow.dial('transparent', decision) : null;
    };
    const begun = Array.from({ length: MAX_DIALS }, dial);
    expect(await dial()).toEqual({ outcome: 'unreachable', errno: 'EAGAIN' });
    answer([]);
    await Promise.all(begun);
    expect(await dial()).toEqual({ outcome: 'unreachable', errno: 'ENOTFOUND' });
  });

  test('a name is resolved once, in canonical form, and what was judged is dialled', async () => {
    const { permit, dial, events, asked } = given(['app.localhost'], {
      'app.localhost': ['127.0.0.1'],
    });
    const dialled = await dial('connect', permit('APP.localhost.', server.port));
    if (dialled.outcome !== 'connected') throw new Error(dialled.outcome);
    expect(await text(dialled.socket)).toBe('reached');
    dialled.socket.destroy();
    expect(asked).toEqual(['app.localhost']);
    expect(events).toEqual([
      {
        type: 'connected',
        protocol: 'connect',
        host: 'app.localhost',
        port: server.port,
        address: '127.0.0.1',
      },
    ]);
  });

  test('an address is not resolved', async () => {
    const { permit, dial, asked } = given(['127.0.0.1']);
    const dialled = await dial('connect', permit('127.1', server.port));
    expect(dialled.outcome).toBe('connected');
    if (dialled.outcome === 'connected') dialled.socket.destroy();
    expect(asked).toEqual([]);
  });

  test('a name that leads to this machine is refused, and nothing is dialled', async () => {
    const before = server.connections.length;
    const { permit, dial, events } = given(['example.com'], { 'example.com': ['127.0.0.1'] });
    const dialled = await dial('http', permit('example.com', server.port));
    expect(dialled).toMatchObject({ outcome: 'refused', refusal: { reason: 'local-address' } });
    expect(events).toMatchObject([
      { type: 'refused', reason: 'local-address', host: 'example.com', rule: 'example.com' },
    ]);
    expect(server.connections).toHaveLength(before);
  });

  test('of a mixed answer only the judged addresses are dialled', async () => {
    const port = server.port;
    const { permit, dial, events } = given(['example.com', `127.0.0.1:${port}`], {
      'example.com': ['::1', '169.254.169.254', '127.0.0.1'],
    });
    const dialled = await dial('connect', permit('example.com', port));
    expect(dialled.outcome).toBe('connected');
    if (dialled.outcome === 'connected') dialled.socket.destroy();
    expect(events).toMatchObject([{ type: 'connected', address: '127.0.0.1' }]);
  });

  test('of several addresses the next is tried when one does not answer', async () => {
    const port = server.port;
    const { permit, dial } = given(['many.localhost'], {
      'many.localhost': ['127.0.0.9', '127.0.0.1'],
    });
    const dialled = await dial('connect', permit('many.localhost', port));
    expect(dialled.outcome).toBe('connected');
    if (dialled.outcome === 'connected') dialled.socket.destroy();
  });

  test.each([
    ['one address', ['127.0.0.1']],
    ['several', ['127.0.0.1', '127.0.0.2']],
  ])('nothing listens at %s', async (_what, addresses) => {
    const port = await closedPort();
    const { permit, dial, events } = given(['x.localhost'], { 'x.localhost': addresses });
    const dialled = await dial('socks5', permit('x.localhost', port));
    expect(dialled).toEqual({ outcome: 'unreachable', errno: 'ECONNREFUSED' });
    expect(events).toEqual([
      { type: 'unreachable', protocol: 'socks5', host: 'x.localhost', port, errno: 'ECONNREFUSED' },
    ]);
  });

  test.each([
    ['unknown', Object.assign(new Error(), { code: 'ENOTFOUND' }), 'ENOTFOUND'],
    ['not answered', Object.assign(new Error(), { code: 'EAI_AGAIN' }), 'EAI_AGAIN'],
    ['failed without a code', new Error('?'), 'EHOSTUNREACH'],
  ])('the name is %s', async (_what, error, errno) => {
    const { permit, dial, events } = given(['example.com'], { 'example.com': error });
    const dialled = await dial('http', permit('example.com', 80));
    expect(dialled).toEqual({ outcome: 'unreachable', errno });
    expect(events).toMatchObject([{ type: 'unreachable', errno }]);
  });

  /* "List that address itself" would be wrong advice: it is denied by a rule. */
  test('addresses that a rule denies are refused by that rule', async () => {
    const { permit, dial } = given(['example.com', '!192.0.2.1'], { 'example.com': ['192.0.2.1'] });
    const dialled = await dial('http', permit('example.com', 80));
    expect(dialled).toMatchObject({
      outcome: 'refused',
      refusal: { reason: 'denied-by-rule', rule: { source: { typed: '192.0.2.1' } } },
    });
  });

  test('a reason is part of the event of a refusal by its rule, and of no other', () => {
    const events: SandboxEvent[] = [];
    const denied = { ...domainRule('deniedDomains', 'old.example'), because: 'use new.example' };
    const allowed = { ...domainRule('allowedDomains', 'local.example'), because: 'a note' };
    const policy = { ...networkPolicy(), domains: [denied, allowed] };
    const { decide } = createDestinations(policy, (event) => events.push(event));
    decide('http', 'old.example', 80);
    decide('http', 'other.example', 80);
    expect(events).toMatchObject([{ rule: 'old.example', because: 'use new.example' }, {}]);
    expect(events[1]).not.toHaveProperty('because');
  });

  const own = ownAddresses().find((address) => isIPv4(address) && !isLocalAddress(address));
  requires('an address beside loopback', own !== undefined)(
    'our own address is dialled for a rule of its own, and not for one of many',
    async () => {
      const block = `${own?.replace(/\.\d+$/, '.0')}/24`;
      const { permit, dial } = given([block]);
      const dialled = await dial('connect', permit(own ?? '', server.port));
      expect(dialled).toMatchObject({ outcome: 'refused', refusal: { reason: 'local-address' } });
      const listed = given([block, own ?? '']);
      const control = await listed.dial('connect', listed.permit(own ?? '', server.port));
      expect(control).toEqual({ outcome: 'unreachable', errno: 'ECONNREFUSED' });
    },
  );

  test('a name without addresses leads nowhere, and not to this machine', async () => {
    const { permit, dial } = given(['example.com'], { 'example.com': [] });
    const dialled = await dial('http', permit('example.com', 80));
    expect(dialled.outcome).toBe('unreachable');
  });
});

test('a host that resets before anybody has joined the connection is no exception', async () => {
  const rude = await upstream((socket) => setTimeout(() => socket.resetAndDestroy(), 20));
  const { decide, dial } = createDestinations(networkPolicy('127.0.0.1'), () => {});
  const decision = decide('transparent', '127.0.0.1', rude.port);
  if (!decision.allowed) throw new Error('the control: it is allowed');
  const dialled = await dial('transparent', decision);
  if (dialled.outcome !== 'connected') throw new Error('the control: it is there');
  const { socket } = dialled;
  const hadError = await new Promise((done) => socket.resume().on('close', done));
  rude.close();
  expect(hadError).toBe(true);
});
