/** How ssh goes through the gate: it knows no proxies, and the tool that others use for it takes no
 * password. `%h` and `%p` are its words for host and port. */
export function sshProxyCommand(node: string, dist: string): string {
  const words = [node, `${dist}/ssh-connect.cjs`];
  /* ssh puts its own words in the place of those with a %. */
  return [...words.map((word) => quoted(word).replaceAll('%', '%%')), '%h', '%p'].join(' ');
}

/** The same for git, which hands its value to a shell (git(1), GIT_SSH_COMMAND). */
export function gitSshCommand(proxyCommand: string): string {
  return `ssh -o ${quoted(`ProxyCommand=${proxyCommand}`)}`;
}

/** A word for a POSIX shell (2.2.2). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
