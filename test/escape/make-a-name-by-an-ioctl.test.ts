/* Threat: a request to a file system makes a name that no call made: on btrfs whoever may write in a
 * folder makes a subvolume there, or a snapshot of one that has been filled elsewhere. */
import { requires } from '../support/requires.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutside } from '../support/try-syscall.ts';

/* Of a procfs, which has none of these: root could do harm with them outside. */
const ask = (request: number) => `ioctl-of:${request}:/proc`;
const FSGETXATTR = ask(0x801c581f);
const REQUESTS = Object.entries({
  BTRFS_IOC_SNAP_CREATE: 0x50009401,
  BTRFS_IOC_SUBVOL_CREATE: 0x5000940e,
  BTRFS_IOC_SNAP_DESTROY: 0x5000940f,
  BTRFS_IOC_SNAP_CREATE_V2: 0x50009417,
  BTRFS_IOC_SUBVOL_CREATE_V2: 0x50009418,
  BTRFS_IOC_SNAP_DESTROY_V2: 0x5000943f,
  BCH_IOCTL_SUBVOLUME_CREATE: 0x4020bc10,
  BCH_IOCTL_SUBVOLUME_DESTROY: 0x4020bc11,
  OCFS2_IOC_REFLINK: 0x40186f04,
  /* make a folder one in which another spelling is the same name */
  FS_IOC_FSSETXATTR: 0x401c5820,
  FS_IOC_SETFLAGS: 0x40086602,
});

describe('refused before the file system sees it:', () => {
  let inside: Record<string, Outcome> = {};
  let outside: Record<string, Outcome> = {};
  const machine = requires('a C compiler', TRY_SYSCALL !== null);
  beforeAll(async () => {
    if (TRY_SYSCALL === null) return;
    const calls = [...REQUESTS.map(([, request]) => ask(request)), FSGETXATTR];
    inside = await tryInside(calls);
    outside = await tryOutside(calls);
  });

  /* The control is what such a file system, or another one, says of a request that is empty. */
  machine.each(REQUESTS)('%s', (_name: string, request: number) => {
    expect(inside[ask(request)]).toBe('EPERM');
    expect(outside[ask(request)]).toMatch(/^(ENOTTY|EINVAL|EOPNOTSUPP|EXDEV|EBADF|EROFS)$/);
  });

  machine('others are the file system’s own', () => {
    expect(inside[FSGETXATTR]).toEqual(outside[FSGETXATTR]);
  });
});
