import { promises } from 'node:dns';
import type { DnsService } from '../../../../src/network/dns/service.ts';
import { type DnsServerUnderTest, dnsServer, exampleDns } from './dns-loopback.ts';

let server: DnsServerUnderTest | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

async function serve(service: DnsService): Promise<number> {
  server = await dnsServer(service);
  return server.port;
}

/* c-ares, which is what Node, and much else that does not use the C library's resolver, asks with. */
async function given(service: DnsService = exampleDns()) {
  const resolver = new promises.Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${await serve(service)}`]);
  return resolver;
}

const codeOf = (asked: Promise<unknown>) => asked.catch((error) => error.code);

test('an allowed name has an address, and the address its name', async () => {
  const resolver = await given();
  expect(await resolver.resolve4('Example.com')).toEqual(['198.18.0.2']);
  expect(await resolver.resolve4('example.com', { ttl: true })).toEqual([
    { address: '198.18.0.2', ttl: 60 },
  ]);
  expect(await resolver.reverse('198.18.0.2')).toEqual(['example.com']);
  expect(await resolver.resolvePtr('1.0.0.127.in-addr.arpa')).toEqual(['localhost']);
});

test('what is not there, and what is not allowed', async () => {
  const resolver = await given();
  expect(await codeOf(resolver.resolve6('example.com'))).toBe('ENODATA');
  expect(await codeOf(resolver.resolveTxt('example.com'))).toBe('ENODATA');
  expect(await codeOf(resolver.resolve4('missing.example.com'))).toBe('ENOTFOUND');
  expect(await codeOf(resolver.resolve4('failed.example.com'))).toBe('ESERVFAIL');
  expect(await codeOf(resolver.resolve4('example.org'))).toBe('EREFUSED');
  expect(await codeOf(resolver.resolveAny('example.com'))).toBe('EREFUSED');
  expect(await codeOf(resolver.resolvePtr('1.2.0.192.in-addr.arpa'))).toBe('EREFUSED');
  expect(await resolver.resolve4('a.example.com')).toEqual(['198.18.0.2']);
});

test('an answer that says it is cut off makes it come back over TCP', async () => {
  const transports: string[] = [];
  const { answer } = exampleDns();
  const resolver = await given({
    answer: async (message, transport) => {
      transports.push(transport);
      const written = await answer(message, transport);
      if (transport === 'udp') written?.writeUInt16BE(0x8380, 2);
      return written;
    },
  });
  expect(await resolver.resolve4('example.com')).toEqual(['198.18.0.2']);
  expect(transports).toEqual(['udp', 'tcp']);
});
