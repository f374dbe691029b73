import type { Mount } from './mounts.ts';

/** Namespaces and rights. As uid 0 of its one user namespace bubblewrap keeps the capabilities
 * that srt-init needs until the command starts: to listen below port 1024 and to complete the
 * loopback interface (native/interface.h), to map the caller's
 * uid in a nested user namespace (user_namespaces(7), since Linux 5.12), and to finish the mounts
 * (native/mounts.c). */
const NAMESPACES: readonly string[] = [
  '--unshare-user',
  '--unshare-net',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup',
  ...['--uid', '0', '--gid', '0'],
  ...['--cap-drop', 'ALL'],
  ...['--cap-add', 'CAP_NET_BIND_SERVICE'],
  ...['--cap-add', 'CAP_NET_ADMIN'],
  ...['--cap-add', 'CAP_SETFCAP'],
  ...['--cap-add', 'CAP_SYS_ADMIN'],
  '--as-pid-1',
];

/** bubblewrap's options (bwrap(1), 0.8): for --args, so none of it is on argv.
 * There is no --die-with-parent: should srt be killed while bubblewrap is between clone and the
 * release of its child, that child would wait for ever. srt-init's watch on the control channel
 * ends everything instead, at any instant. */
export function bubblewrapOptions(mounts: readonly Mount[]): string[] {
  return [...NAMESPACES, ...mounts.flatMap(mountOption)];
}

function mountOption(mount: Mount): string[] {
  switch (mount.op) {
    case 'bind':
    case 'ro-bind':
      return [`--${mount.op}`, mount.path, mount.path];
    case 'remount-ro':
    case 'dev':
    case 'proc':
      return [`--${mount.op}`, mount.path];
    case 'tmpfs':
      return ['--perms', mount.mode.toString(8).padStart(4, '0'), '--tmpfs', mount.path];
    case 'folder':
      return ['--perms', '0700', '--dir', mount.path];
    case 'file':
      return ['--ro-bind-data', String(mount.descriptor), mount.path];
    case 'symlink':
      return ['--symlink', mount.target, mount.path];
    case 'mask-file':
      return ['--ro-bind', '/dev/null', mount.path];
  }
}
