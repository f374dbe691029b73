/* The operations that profiles of this project may name, and which wildcard covers which. From the
 * published lists of operations; one that is not here is a mistake until somebody has looked. */

const WILDCARDS: Readonly<Record<string, readonly string[]>> = {
  'file*': [
    ...['file-read*', 'file-write*', 'file-chroot', 'file-clone', 'file-ioctl', 'file-link'],
    ...['file-issue-extension', 'file-map-executable', 'file-mknod', 'file-mount', 'file-revoke'],
    ...['file-search', 'file-test-existence', 'file-unmount'],
  ],
  'file-read*': ['file-read-data', 'file-read-metadata', 'file-read-xattr'],
  'file-write*': [
    ...['file-write-acl', 'file-write-create', 'file-write-data', 'file-write-flags'],
    ...['file-write-mode', 'file-write-mount', 'file-write-owner', 'file-write-setugid'],
    ...['file-write-times', 'file-write-umount', 'file-write-unlink', 'file-write-xattr'],
  ],
  'ipc-posix*': ['ipc-posix-issue-extension', 'ipc-posix-sem*', 'ipc-posix-shm*'],
  'ipc-posix-sem*': [
    ...['ipc-posix-sem-create', 'ipc-posix-sem-open', 'ipc-posix-sem-post'],
    ...['ipc-posix-sem-unlink', 'ipc-posix-sem-wait'],
  ],
  'ipc-posix-shm*': ['ipc-posix-shm-read*', 'ipc-posix-shm-write*'],
  'ipc-posix-shm-read*': ['ipc-posix-shm-read-data', 'ipc-posix-shm-read-metadata'],
  'ipc-posix-shm-write*': [
    ...['ipc-posix-shm-write-create', 'ipc-posix-shm-write-data', 'ipc-posix-shm-write-unlink'],
  ],
  'mach*': ['mach-lookup', 'mach-register', 'mach-priv-host-port', 'mach-priv-task-port'],
  'network*': ['network-bind', 'network-inbound', 'network-outbound'],
  'process*': ['process-exec*', 'process-fork', 'process-info*'],
  'process-exec*': ['process-exec', 'process-exec-interpreter'],
  'process-info*': [
    ...['process-info-codesignature', 'process-info-dirtycontrol', 'process-info-listpids'],
    ...['process-info-pidfdinfo', 'process-info-pidfileportinfo', 'process-info-pidinfo'],
    ...['process-info-rusage', 'process-info-setcontrol'],
  ],
  'sysctl*': ['sysctl-read', 'sysctl-write'],
};

const ALONE = [
  ...['appleevent-send', 'forbidden-exec-sugid', 'iokit-get-properties', 'iokit-open', 'lsopen'],
  ...['pseudo-tty', 'signal', 'system-fsctl', 'system-socket', 'user-preference-read'],
  ...['user-preference-write'],
];

/** Names for a whole family that older systems had for its wildcard. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'ipc-posix-sem': 'ipc-posix-sem*',
  'ipc-posix-shm': 'ipc-posix-shm*',
};

const parents = new Map<string, string>(ALONE.map((name) => [name, 'default']));
for (const [wildcard, members] of Object.entries(WILDCARDS)) {
  for (const member of members) parents.set(member, wildcard);
  if (!parents.has(wildcard)) parents.set(wildcard, 'default');
}

/** An operation and all that cover it, the nearest first: the last one is "default". */
export function lineage(operation: string): string[] {
  const name = OLD_NAMES[operation] ?? operation;
  const line = [name];
  for (let at = name; at !== 'default'; ) {
    const above = parents.get(at);
    if (above === undefined) throw new Error(`no operation is called ${operation}`);
    line.push(above);
    at = above;
  }
  return line;
}

/** True for one that the kernel asks about, and not a name for several. */
export function isSingle(operation: string): boolean {
  return lineage(operation).length > 1 && !(operation in WILDCARDS) && !(operation in OLD_NAMES);
}
