/* Servers on loopback that answer real clients of protocols on top of TCP and HTTP. */
import type { AddressInfo, Server } from 'node:net';

export function listenOn(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
