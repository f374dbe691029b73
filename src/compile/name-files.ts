/** What the sandbox has in the place of the host's hosts(5) and resolv.conf(5). */

/** Every name is asked of srt, which answers on the sandbox's own loopback. */
export const RESOLVER_FILE = Buffer.from('nameserver 127.0.0.1\noptions edns0\n');

const LOOPBACK = /^\s*(127\.|::1\s)/;

/** The lines about this machine itself. What the host's file says of others must not be answered
 * inside, but by the gate: it is what decides by name, and it knows the host's file too. */
export function hostsFile(text: string): Buffer {
  const own = text.split('\n').filter((line) => LOOPBACK.test(line));
  return Buffer.from(
    `${[...new Set(['127.0.0.1 localhost', '::1 localhost', ...own])].join('\n')}\n`,
    'latin1',
  );
}
