import { parseHost } from '../policy/host-name.ts';
import type { Permission } from '../policy/network-decision.ts';
import type { Destinations } from './destination.ts';
import type { NamePool } from './dns/name-pool.ts';

/** Gives addresses that the name service handed out their names back, whatever the protocol, and
 * keeps them with their names while a connection lasts. One that stands for no name is decided as
 * what it is, and no rule is about it. */
export function nameDestinations(destinations: Destinations, pool: NamePool): Destinations {
  const synthetic = new WeakMap<Permission, string>();
  return {
    ...destinations,
    decide(protocol, spelling, port, by) {
      const address = parseHost(spelling)?.text ?? '';
      const name = pool.isSynthetic(address) ? pool.nameOf(address) : null;
      const decision = destinations.decide(protocol, name ?? spelling, port, by);
      if (name !== null && decision.allowed) synthetic.set(decision, address);
      return decision;
    },
    async dial(protocol, permission, by) {
      const address = synthetic.get(permission);
      const release = address === undefined ? null : pool.hold(address);
      const dialled = await destinations.dial(protocol, permission, by);
      if (dialled.outcome === 'connected') dialled.socket.on('close', () => release?.());
      else release?.();
      return dialled;
    },
  };
}
