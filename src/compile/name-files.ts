/** What the sandbox has in the place of the host's hosts(5) and resolv.conf(5). */

/** Every name is asked of srt, which answers on the sandbox's own loopback. */
export const RESOLVER_FILE = Buffer.from('nameserver 127.0.0.1\noptions edns0\n');

const LOOPBACK = /^\s*(127\.|::1\s)/;
const NOTHING = /^\s*(#|$)/;

/** The lines about this machine itself, or null where the host's file has no others. What it says of
 * others must not be answered inside, but by the gate: it is what decides by name, and it knows the
 * host's file too. */
export function hostsFile(text: string): Buffer | null {
  const lines = text.split('\n').filter((line) => !NOTHING.test(line));
  const own = lines.filter((line) => LOOPBACK.test(line));
  if (own.length === lines.length) return null;
  return Buffer.from(`${own.join('\n')}\n`, 'latin1');
}
