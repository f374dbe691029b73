/* Name services that are asked over real sockets on loopback. */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { serveDnsTcp, serveDnsUdp } from '../../../../src/network/dns/server.ts';
import type { DnsService } from '../../../../src/network/dns/service.ts';
import { words } from './bytes.ts';
import { type DnsUnderTest, givenDns } from './given.ts';

export interface DnsServerUnderTest {
  port: number;
  close(): void;
}

/** A UDP socket and a listener on one port, which is not the same for both by itself. */
async function bindBoth(tcp: Server): Promise<DatagramSocket> {
  for (;;) {
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(udp, 'listening');
    try {
      tcp.listen(udp.address().port, '127.0.0.1');
      await once(tcp, 'listening');
      return udp;
    } catch {
      udp.close();
    }
  }
}

/** Serves UDP and TCP on one port, as inside the sandbox. */
export async function dnsServer(service: DnsService): Promise<DnsServerUnderTest> {
  const accepted: Socket[] = [];
  const tcp = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    serveDnsTcp(service, socket);
  });
  const udp = await bindBoth(tcp);
  serveDnsUdp(service, udp);
  return {
    port: udp.address().port,
    close: () => {
      udp.close();
      tcp.close();
      for (const socket of accepted) socket.destroy();
    },
  };
}

/** Allows example.com and what is below it, of which not all can be resolved. */
export function exampleDns(delay?: () => Promise<unknown>): DnsUnderTest {
  return givenDns(['example.com', '*.example.com'], {
    exists: { 'missing.example.com': 'missing', 'failed.example.com': 'failed' },
    ...(delay ? { delay } : {}),
  });
}

/** Messages as a connection carries them (RFC 1035 4.2.2). */
export function framed(...messages: Buffer[]): Buffer {
  return Buffer.concat(messages.flatMap((message) => [words(message.length), message]));
}
