import { SrtError } from '../../errors.ts';
import type { Forward } from '../../policy/forward.ts';
import { describeSource } from '../../policy/source.ts';

/** The ways out, each to a port of this machine's loopback; nothing else has one. */
export function networkRules(gatePort: number, forwards: readonly Forward[]): string[] {
  if (!Number.isInteger(gatePort) || gatePort < 1 || gatePort > 65535)
    throw new Error(`no port: ${gatePort}`);
  return [
    '; The gate: the one way out.\n',
    `(allow network-outbound (remote ip "localhost:${gatePort}"))\n`,
    ...(forwards.length > 0 ? ['; Ports that network.forward names.\n'] : []),
    ...forwards.map(forwardRule),
  ];
}

/** The command shares this machine's loopback, on which a port leads to itself alone. */
function forwardRule({ direction, hostPort, sandboxPort, source }: Forward): string {
  if (hostPort !== sandboxPort)
    throw new SrtError(
      'SRT_COMPILE_UNENFORCEABLE',
      `${describeSource(source)} has two ports, and on macOS the command has no loopback of its own`,
      { hint: 'use one port for both sides' },
    );
  return direction === 'to-host'
    ? `(allow network-outbound (remote ip "localhost:${hostPort}"))\n`
    : `(allow network-bind network-inbound (local ip "localhost:${hostPort}"))\n`;
}
