import type { Mount } from './mounts.ts';
import { type PlacedMount, type Placement, STAGE } from './placements.ts';

/** Namespaces and rights. As uid 0 of its one user namespace bubblewrap keeps the capabilities
 * that srt-init needs until the command starts: to listen below port 1024 and to complete the
 * loopback interface (native/interface.h), to map the caller's
 * uid in a nested user namespace (user_namespaces(7), since Linux 5.12), and to finish the mounts
 * (native/mounts.c, native/placements.c), of which some lie in folders of mode 0. */
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
  ...['--cap-add', 'CAP_DAC_OVERRIDE'],
  '--as-pid-1',
];

/** bubblewrap's options (bwrap(1), 0.8): for --args, so none of it is on argv. `ownFolder` is one of
 * the caller's alone, made in a mount that bubblewrap makes in its place.
 * There is no --die-with-parent: should srt be killed while bubblewrap is between clone and the
 * release of its child, that child would wait for ever. srt-init's watch on the control channel
 * ends everything instead, at any instant. */
export function bubblewrapOptions(
  mounts: readonly Mount[],
  placements: readonly Placement[],
  ownFolder: string | null,
): string[] {
  const links = mounts.flatMap((mount) =>
    mount.op === 'symlink' ? ['--symlink', mount.target, mount.path] : [],
  );
  const made = placements.flatMap(({ mount, kind, path }, number) =>
    mount === null ? [] : mountOption(mount, kind === 'in-place' ? path : `${STAGE}/${number}`),
  );
  const folder = ownFolder === null ? [] : ['--perms', '0700', '--dir', ownFolder];
  return [...NAMESPACES, ...links, ...made, ...folder];
}

function mountOption(mount: PlacedMount, at: string): string[] {
  switch (mount.op) {
    case 'bind':
    case 'ro-bind':
      return [`--${mount.op}`, mount.path, at];
    case 'dev':
    case 'proc':
      return [`--${mount.op}`, at];
    case 'tmpfs':
      return ['--perms', mount.mode.toString(8).padStart(4, '0'), '--tmpfs', at];
    case 'file':
      return ['--perms', '0444', '--file', String(mount.descriptor), at];
    case 'mask-file':
      return ['--ro-bind', '/dev/null', at];
  }
}
