import {
  parseAbsoluteForm,
  parseAuthority,
  readConnect,
} from '../../../src/network/http/target.ts';
import { readGreeting, readRequest } from '../../../src/network/socks/socks5-wire.ts';
import { createHelloReader, type FirstBytes } from '../../../src/network/tunnel/client-hello.ts';
import { decideDestination } from '../../../src/policy/network-decision.ts';
import { pick, type Random } from '../../support/seeded.ts';
import { domains } from '../rules.ts';
import { fuzz, mutate } from './random.ts';
import { entry, extension, message, records, serverName } from './tunnel/hello.ts';

const NAMES = ['a.example', 'example.com', 'B.EXAMPLE', '192.0.2.1', 'xn--bcher-kva.example'];
const RULES = domains('a.example', '*.a.example:443', 'example.com:443', '192.0.2.1', '!b.example');

/** In pieces of random size, the last answer. */
function read(random: Random, bytes: Buffer): FirstBytes {
  const reader = createHelloReader();
  let result = reader(Buffer.alloc(0));
  for (let at = 0; at < bytes.length; ) {
    const size = pick(random, [1, 2, 5, 6, 100, bytes.length]);
    const next = reader(bytes.subarray(at, at + size));
    /* What was clear stays so. */
    if (result.state !== 'need') expect(next).toBe(result);
    result = next;
    at += size;
  }
  return result;
}

const noise = (random: Random, length: number) =>
  Buffer.from(Array.from({ length }, () => random(256)));

describe('a ClientHello', () => {
  const extensions = (random: Random, name: string | null): Buffer[] => {
    const all = Array.from({ length: random(5) }, () =>
      extension(1 + random(60_000), noise(random, random(40))),
    );
    if (name !== null) all.splice(random(all.length + 1), 0, serverName(entry(name)));
    return all;
  };

  test('with any other extensions, in any pieces: the name is the one that was put in', () => {
    fuzz(5000, (random) => {
      const name = pick(random, [...NAMES, null]);
      const bytes = records(message(extensions(random, name)), 1 + random(400));
      expect(read(random, bytes)).toMatchObject({ state: 'hello', serverName: name });
    });
  });

  test('with mistakes: never throws, and is not read differently in other pieces', () => {
    fuzz(20_000, (random) => {
      const good = records(message(extensions(random, pick(random, NAMES))), 1 + random(400));
      const bytes = mutate(random, good);
      expect(read(random, bytes)).toEqual(createHelloReader()(bytes));
    });
  });

  test('noise, also behind the header of a record', () => {
    fuzz(20_000, (random) => {
      const bytes = Buffer.concat([
        Buffer.from(
          pick(random, [[], [22, 3, 1], [22, 3, 1, 0, 60, 1, 0, 0, 56, 3, 3], [21], [128]]),
        ),
        noise(random, random(100)),
      ]);
      expect(read(random, bytes)).toEqual(createHelloReader()(bytes));
    });
  });

  test('takes a time that grows with its length and no faster', () => {
    const bytes = records(message([extension(21, Buffer.alloc(2500))]), 1);
    const begun = performance.now();
    for (let round = 0; round < 20; round++) {
      const reader = createHelloReader();
      for (let at = 0; at < bytes.length; at++) reader(bytes.subarray(at, at + 1));
    }
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('a CONNECT', () => {
  test('that is whole is read as it is written', () => {
    fuzz(5000, (random) => {
      const [host, port] = [pick(random, NAMES), random(70_000)];
      const headers = pick(random, ['', 'host: other.example\r\n', 'a: b\r\nc:\td\r\n']);
      const rest = noise(random, random(50));
      const head = Buffer.from(`CONNECT ${host}:${port} HTTP/1.${random(2)}\r\n${headers}\r\n`);
      const connect = readConnect(Buffer.concat([head, rest]));
      expect(connect).toEqual({ target: `${host}:${port}`, rest });
      expect(parseAuthority(connect?.target ?? '')).toEqual({ host, port });
    });
  });

  test('with mistakes: none, or a head that really ends where it says', () => {
    const good = Buffer.from(
      'CONNECT a.example:443 HTTP/1.1\r\nhost: a.example\r\nx: y\r\n\r\nrest',
    );
    fuzz(30_000, (random) => {
      const bytes = mutate(random, good);
      const connect = readConnect(bytes);
      if (!connect) return;
      const head = bytes.toString('latin1', 0, bytes.length - connect.rest.length);
      expect(head.indexOf('\r\n\r\n')).toBe(head.length - 4);
      expect(head.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
      expect(head.split(' ')[1]).toBe(connect.target);
      const target = parseAuthority(connect.target);
      if (target) expect(`${target.host}:`).toBe(connect.target.slice(0, target.host.length + 1));
    });
  });
});

test('a target: what is decided about is all that stands before the path', () => {
  fuzz(30_000, (random) => {
    const host = pick(random, [...NAMES, '[2001:db8::1]', 'user@a.example', 'a.example:1:2', '']);
    const text = mutate(
      random,
      Buffer.from(`http://${host}${pick(random, ['', ':', ':80', ':443'])}/p?q`),
    );
    const target = parseAbsoluteForm(text.toString('latin1'));
    if (!target) return;
    expect(text.toString('latin1').slice(7)).toContain(target.authority);
    expect(target.authority.startsWith(target.host)).toBe(true);
    expect(target.host).not.toMatch(/[/?#]/);
    const decision = decideDestination(RULES, target.host, target.port);
    /* The reference is another parser, which must not see another host. */
    if (decision.allowed)
      expect(new URL(text.toString('latin1')).hostname).toBe(decision.host.text);
  });
});

describe('SOCKS5', () => {
  const request = (type: number, address: Buffer, port: number) =>
    Buffer.concat([Buffer.from([5, 1, 0, type]), address, Buffer.from([port >> 8, port & 255])]);

  test('a request by name is decided like the name itself', () => {
    fuzz(5000, (random) => {
      const [name, port] = [pick(random, NAMES), random(65_536)];
      const bytes = request(
        3,
        Buffer.concat([Buffer.from([name.length]), Buffer.from(name)]),
        port,
      );
      const message = readRequest(Buffer.concat([bytes, noise(random, random(9))]));
      if (message.state !== 'read') throw new Error(message.state);
      expect(decideDestination(RULES, message.host, message.port)).toEqual(
        decideDestination(RULES, name, port),
      );
    });
  });

  test('messages with mistakes, and noise', () => {
    fuzz(30_000, (random) => {
      const good = request(pick(random, [1, 3, 4]), noise(random, 16), 443);
      const bytes = pick(random, [mutate(random, good), noise(random, random(300))]);
      for (const message of [readGreeting(bytes), readRequest(bytes)]) {
        if (message.state === 'read') {
          expect(message.length).toBeLessThanOrEqual(bytes.length);
          expect(message.length).toBeGreaterThan(1);
        }
      }
    });
  });
});
