/* Threat: calls that change the mounts which are the rules, that act where no filter looks
 * (io_uring), that reach what no namespace confines (keyrings, modules), or that are a large piece
 * of kernel to attack. The arguments are wrong on purpose: without the filter each call fails for
 * another reason, and has no effect. */
import { isRoot, requires } from '../support/requires.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutsideNow } from '../support/try-syscall.ts';

const BAD = '-1';

/* Each by what it needs to get past the kernel's own permission check. */
const FOR_ANYBODY = [
  `io_uring_enter:${BAD}:0:0:0`,
  `io_uring_register:${BAD}:99`,
  'bpf:-1:@:0x100000',
  'perf_event_open:@:0:-1:-1:0xffff',
  'userfaultfd:0x40000001',
  'keyctl:9999',
  'add_key:0:0:0:0:0',
  'request_key:0:0:0:0',
  'chroot:0',
  `setns:${BAD}:0`,
  'mount:@:@:1',
  'umount2:@:0x7fffffff',
  `open_tree:${BAD}:@:0xffffffff`,
  `mount_setattr:${BAD}:@:0xffffffff:@:0`,
  `fsconfig:${BAD}:0:0:0:0`,
];
const FOR_A_NAMESPACE_ADMIN = [
  'pivot_root:1:1',
  `move_mount:${BAD}:@:${BAD}:@:0`,
  'fsopen:1:0',
  `fsmount:${BAD}:0:0`,
  `fspick:${BAD}:@:0xffff`,
];
const FOR_ROOT = [
  'io_uring_setup:0:0',
  'init_module:0:0:1',
  `finit_module:${BAD}:1:0xffff`,
  `open_by_handle_at:${BAD}:@:0`,
  'syslog:10:0:0',
  'kexec_load:0:99999:0:0',
];
const ALL = [...FOR_ANYBODY, ...FOR_A_NAMESPACE_ADMIN, ...FOR_ROOT];

/* Before the tables are made: a call that this host refuses to everybody cannot be told apart. */
const outside: Record<string, Outcome> = {
  ...tryOutsideNow([...FOR_ANYBODY, ...FOR_ROOT]),
  ...tryOutsideNow(FOR_A_NAMESPACE_ADMIN, { ownUserNamespace: true }),
};

let inside: Record<string, Outcome>;
beforeAll(async () => {
  if (TRY_SYSCALL) inside = await tryInside(ALL);
});

const compiled = requires('a C compiler', TRY_SYSCALL !== null);

describe('refused with EPERM', () => {
  compiled.each([...FOR_ANYBODY, ...FOR_A_NAMESPACE_ADMIN])('%s', (call: string) => {
    expect(outside[call]).not.toBe('EPERM');
    expect(inside[call]).toBe('EPERM');
  });

  for (const call of FOR_ROOT) {
    /* Where this kernel was built without it (ENOSYS) the filter still answers first. */
    const told = outside[call] !== 'EPERM';
    requires(isRoot ? `a host that allows ${call}` : 'root', told)(call, () => {
      expect(inside[call]).toBe('EPERM');
    });
  }
});
