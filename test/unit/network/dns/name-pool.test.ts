import { createNamePool, SYNTHETIC_TTL } from '../../../../src/network/dns/name-pool.ts';
import { seeded } from '../../../support/seeded.ts';

const REST = 2 * SYNTHETIC_TTL * 1000;

function given(size?: number) {
  let time = 0;
  const pool = createNamePool({ ...(size === undefined ? {} : { size }), now: () => time });
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  const ipv4Of = (name: string) => pool.addressOf(name)?.ipv4 ?? null;
  return { ...pool, wait, ipv4Of };
}

describe('a name and its address', () => {
  test('one address for each, the same each time, in both families', () => {
    const { addressOf, nameOf } = given();
    const first = { ipv4: '198.18.0.2', ipv6: 'fd73:7274::2' };
    expect(addressOf('a.example')).toEqual(first);
    expect(addressOf('b.example')).toEqual({ ipv4: '198.18.0.3', ipv6: 'fd73:7274::3' });
    expect(addressOf('a.example')).toEqual(first);
    expect([nameOf(first.ipv4), nameOf(first.ipv6)]).toEqual(['a.example', 'a.example']);
  });

  test.each([
    '198.18.0.0',
    '198.18.0.1',
    '198.18.0.3',
    '198.19.255.255',
    'fd73:7274::ffff:ffff',
  ])('%s is synthetic, and of no name', (address) => {
    const { addressOf, nameOf, isSynthetic } = given();
    addressOf('a.example');
    expect([isSynthetic(address), nameOf(address)]).toEqual([true, null]);
  });

  test.each([
    '192.0.2.1',
    '127.0.0.1',
    '::1',
    '2001:db8::2',
    'a.example',
    '',
  ])('%p is neither', (address) => {
    const { addressOf, nameOf, isSynthetic, hold } = given();
    addressOf('a.example');
    expect([isSynthetic(address), nameOf(address)]).toEqual([false, null]);
    hold(address)();
  });

  test('names like those of an object', () => {
    const { addressOf, nameOf } = given();
    for (const name of ['__proto__', 'constructor', 'tostring'])
      expect(nameOf(addressOf(name)?.ipv6 ?? '')).toBe(name);
  });
});

describe('when every address is taken', () => {
  test('an address that was answered lately is not given to another name', () => {
    const { ipv4Of, nameOf, wait } = given(1);
    expect(ipv4Of('a.example')).toBe('198.18.0.2');
    wait(REST - 1);
    expect(ipv4Of('b.example')).toBeNull();
    expect(nameOf('198.18.0.2')).toBe('a.example');
    wait(1);
    expect(ipv4Of('b.example')).toBe('198.18.0.2');
    expect(nameOf('198.18.0.2')).toBe('b.example');
  });

  test('answering it again counts from then on', () => {
    const { ipv4Of, wait } = given(1);
    ipv4Of('a.example');
    wait(REST - 1);
    ipv4Of('a.example');
    wait(REST - 1);
    expect(ipv4Of('b.example')).toBeNull();
    wait(1);
    expect(ipv4Of('b.example')).toBe('198.18.0.2');
  });

  test('the one that was used least lately goes first, and its name is forgotten', () => {
    const { ipv4Of, nameOf, wait } = given(3);
    for (const name of ['a', 'b', 'c']) ipv4Of(name);
    wait(1);
    ipv4Of('a');
    wait(REST);
    expect(ipv4Of('d')).toBe('198.18.0.3');
    expect(ipv4Of('e')).toBe('198.18.0.4');
    expect(nameOf('198.18.0.2')).toBe('a');
    expect(ipv4Of('b')).toBe('198.18.0.2');
  });

  test('an open connection keeps the address, in either family, until it is closed', () => {
    const { ipv4Of, hold, wait } = given(1);
    ipv4Of('a.example');
    const releases = [hold('198.18.0.2'), hold('fd73:7274::2')];
    wait(100 * REST);
    expect(ipv4Of('b.example')).toBeNull();
    releases[0]?.();
    releases[0]?.();
    expect(ipv4Of('b.example')).toBeNull();
    wait(REST);
    releases[1]?.();
    wait(REST - 1);
    expect(ipv4Of('b.example')).toBeNull();
    wait(1);
    expect(ipv4Of('b.example')).toBe('198.18.0.2');
  });

  test('a late release does not touch the next name', () => {
    const { ipv4Of, hold, nameOf, wait } = given(1);
    ipv4Of('a.example');
    const release = hold('198.18.0.2');
    release();
    wait(REST);
    ipv4Of('b.example');
    hold('198.18.0.2');
    release();
    wait(REST);
    expect(ipv4Of('c.example')).toBeNull();
    expect(nameOf('198.18.0.2')).toBe('b.example');
  });
});

/* Against a model without cleverness: what is held or young stays, what is not may go. */
test.each(Array.from({ length: 25 }, (_, seed) => [seed]))('any history (seed %i)', (seed) => {
  const random = seeded(seed);
  const size = 1 + random(6);
  const { ipv4Of, nameOf, hold, wait } = given(size);
  const owners = new Map<string, { name: string; touched: number; holds: (() => void)[] }>();
  let time = 0;
  for (let step = 0; step < 400; step++) {
    const [address, owner] = [...owners][random(size)] ?? [];
    const action = random(4);
    if (action === 0) {
      const by = random(REST);
      time += by;
      wait(by);
    } else if (action === 1 && address && owner) {
      owner.holds.push(hold(address));
      owner.touched = time;
    } else if (action === 2 && owner && owner.holds.length > 0) {
      owner.holds.splice(random(owner.holds.length), 1)[0]?.();
      owner.touched = time;
    } else {
      const name = `${random(12)}.example`;
      const own = [...owners].find(([, one]) => one.name === name);
      const idle = [...owners.values()].filter(
        (one) => one.holds.length === 0 && time - one.touched >= REST,
      );
      const given = ipv4Of(name);
      if (own) expect(given).toBe(own[0]);
      else if (owners.size >= size && idle.length === 0) expect(given).toBeNull();
      else {
        expect(given).not.toBeNull();
        const before = owners.get(given ?? '');
        if (before) {
          expect(idle).toContain(before);
          expect(before.touched).toBe(Math.min(...idle.map((one) => one.touched)));
        }
      }
      if (given) owners.set(given, { name, touched: time, holds: own?.[1].holds ?? [] });
    }
    expect(owners.size).toBeLessThanOrEqual(size);
    for (const [one, { name }] of owners) expect(nameOf(one)).toBe(name);
  }
});

test('all the ranges hold, and not one name more', () => {
  const { ipv4Of, nameOf, wait } = given();
  const count = 0x20000 - 3;
  for (let i = 0; i < count; i++) ipv4Of(`${i}.example`);
  expect(nameOf('198.19.255.254')).toBe(`${count - 1}.example`);
  expect(ipv4Of('one-more.example')).toBeNull();
  wait(REST);
  expect(ipv4Of('one-more.example')).toBe('198.18.0.2');
});
