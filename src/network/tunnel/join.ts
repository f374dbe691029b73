import type { Socket } from 'node:net';
import type { EventSink } from '../../events.ts';
import type { Permission } from '../../policy/network-decision.ts';
import type { Destinations } from '../destination.ts';
import { joinTunnel } from './tunnel.ts';

/** Joins a connection from inside to the one that was dialled for it, whatever the protocol by
 * which it was asked for. `early` is what the client sent behind its request. */
export type Join = (
  inside: Socket,
  outside: Socket,
  permission: Permission,
  early?: Buffer,
) => void;

/** A server may serve many names at one address, so the name that a client asks it for (RFC 6066
 * 3) must be allowed as well, on the port that was dialled. */
export function createJoin(destinations: Destinations, sink: EventSink): Join {
  return (inside, outside, { host, port }, early = NOTHING) =>
    joinTunnel(inside, outside, {
      early,
      mayPass(first) {
        if (first.state === 'hello') {
          const { serverName } = first;
          return serverName === null || destinations.decide('tls', serverName, port).allowed;
        }
        const reason = 'malformed-hello';
        sink({ type: 'refused', protocol: 'tls', host: host.text, port, reason, rule: null });
        return false;
      },
    });
}

const NOTHING = Buffer.alloc(0);
