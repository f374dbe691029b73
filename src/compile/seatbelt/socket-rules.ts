import { quote } from './quote.ts';
import { canonicalPath, spellings, spellingsBelow } from './spellings.ts';

/** The Unix sockets of this machine that may be connected to, by their real paths; those that the
 * command makes itself are none of them. Each by itself and with what is beneath: whether it is a
 * folder may not be known yet. */
export function socketRules(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const filters = paths
    .map(canonicalPath)
    .flatMap((path) => [
      ...spellings(path).map((name) => `(path-literal ${quote(name)})`),
      ...spellingsBelow(path).map((name) => `(subpath ${quote(name)})`),
    ]);
  return [
    '; Unix sockets that network.allowUnixSockets names.\n',
    '(allow system-socket (socket-domain AF_UNIX))\n',
    ...filters.map((filter) => `(allow network-outbound (remote unix-socket ${filter}))\n`),
  ];
}
