import { fstatSync, readdirSync, statSync } from 'node:fs';

const NAME = /^ttys[0-9a-f]+$/;

/** The terminal among the standard streams, by its name. null for root, whom the kernel lets type
 * into every terminal that it has open (TIOCSTI, tty(4)); others only into that of their own
 * session, and the command has a session without one. */
export function probeTerminal(
  uid: number,
  folder = '/dev',
  streams: readonly number[] = [0, 1, 2],
): string | null {
  if (uid === 0) return null;
  const devices = streams.flatMap(characterDevice);
  if (devices.length === 0) return null;
  for (const name of readdirSync(folder).filter((entry) => NAME.test(entry))) {
    const device = statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.rdev;
    if (device !== undefined && devices.includes(device)) return `${folder}/${name}`;
  }
  return null;
}

function characterDevice(fd: number): number[] {
  try {
    const status = fstatSync(fd);
    return status.isCharacterDevice() ? [status.rdev] : [];
  } catch {
    return []; // closed
  }
}
