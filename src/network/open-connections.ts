import type { Socket } from 'node:net';
import type { GateProtocol } from '../events.ts';
import { decideDestination, type Permission, type Refusal } from '../policy/network-decision.ts';
import type { Policy } from '../policy/policy.ts';

interface Connected {
  outcome: 'connected';
  socket: Socket;
}

/** The connections that were allowed. What is taken off the list is taken from them too: somebody
 * who removes a host while a program talks to it wants the talk to end. */
export interface OpenConnections {
  /** Keeps a connection in mind; one whose lists changed while it was dialled may be cut. */
  admit(
    protocol: GateProtocol,
    permission: Permission,
    dialled: Connected,
    isStale: boolean,
  ): Connected | { outcome: 'refused'; refusal: Refusal };
  recheck(): void;
}

export function createOpenConnections(
  policy: Policy,
  report: (protocol: GateProtocol, refusal: Refusal) => void,
): OpenConnections {
  const open = new Map<Socket, { protocol: GateProtocol; permission: Permission }>();

  const cutIfRefused = (
    socket: Socket,
    protocol: GateProtocol,
    { host, port }: Permission,
  ): Refusal | null => {
    const decision = decideDestination(policy.domains, host.text, port);
    if (decision.allowed) return null;
    report(protocol, decision);
    socket.destroy();
    return decision;
  };

  return {
    admit(protocol, permission, dialled, isStale) {
      const { socket } = dialled;
      const refusal = isStale ? cutIfRefused(socket, protocol, permission) : null;
      if (refusal) return { outcome: 'refused', refusal };
      open.set(socket, { protocol, permission });
      socket.once('close', () => open.delete(socket));
      return dialled;
    },
    recheck() {
      for (const [socket, { protocol, permission }] of open)
        cutIfRefused(socket, protocol, permission);
    },
  };
}
