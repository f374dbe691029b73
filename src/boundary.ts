/** What passes between a sandbox that runs and the gate: the supervisor gives it, the gate takes it. */

/** A port of the sandbox's loopback, and what the gate does with who comes there. */
export interface ServedListener {
  service: 'http' | 'socks' | 'transparent' | 'dns' | 'forward';
  /** A gateway is TCP that connects are led to, whatever address they name. */
  kind: 'tcp' | 'udp' | 'gateway';
  port: number;
}

/** A process inside waits for leave to connect, and knows nothing of a gate. */
export interface ConnectRequest {
  id: number;
  /** As numbered in the sandbox, and the name of the process (comm, proc(5)). */
  pid: number;
  command: string;
  address: string;
  port: number;
  /** Whether the process itself waits for the connection. */
  blocking: boolean;
}

/** How a connection that was allowed comes to the gateway: from a port of that family's loopback
 * address, or not at all (null), because the process gave up. */
export interface ConnectArrival {
  id: number;
  family: 4 | 6;
  port: number | null;
}

/** A sandbox that runs. */
export interface Inside {
  /** A connection to a port of its loopback, as a handle for net.Socket. Rejects with the errno
   * as a number. */
  dial(port: number): Promise<unknown>;
  /** Whether it has IPv6, and the gateway listens there. */
  ipv6: boolean;
}
