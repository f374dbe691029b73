/* The system calls that the command gets EPERM for, whatever their arguments.
 * Numbers from 424 on are the same on every architecture; older C libraries do not name them. */
#ifndef SRT_REFUSED_SYSCALLS_H
#define SRT_REFUSED_SYSCALLS_H

#include <sys/syscall.h>

enum {
  NR_OPEN_TREE = 428,
  NR_MOVE_MOUNT = 429,
  NR_FSOPEN = 430,
  NR_FSCONFIG = 431,
  NR_FSMOUNT = 432,
  NR_FSPICK = 433,
  NR_CLONE3 = 435,
  NR_MOUNT_SETATTR = 442,
  NR_LANDLOCK_CREATE_RULESET = 444,
  NR_LANDLOCK_ADD_RULE = 445,
  NR_LANDLOCK_RESTRICT_SELF = 446,
  NR_SETXATTRAT = 463,
  NR_OPEN_TREE_ATTR = 467,
  /* file_setattr, Linux 6.17: the newest call that was read before it was let through. */
  NR_LAST_REVIEWED = 469,
};

static const int refused_syscalls[] = {
    /* mounts: the file rules are mounts */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, NR_OPEN_TREE, NR_MOVE_MOUNT, NR_FSOPEN,
    NR_FSCONFIG, NR_FSMOUNT, NR_FSPICK, NR_MOUNT_SETATTR, NR_OPEN_TREE_ATTR, SYS_setns,
    /* a ring performs sockets and opens that no filter sees */
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    /* kernel attack surface that a command has no business with */
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
    /* keyrings are per user, not per namespace: the host's tickets and keys are in them */
    SYS_keyctl, SYS_add_key, SYS_request_key,
    /* the host's kernel: its log, its modules, another kernel */
    SYS_syslog, SYS_kexec_load,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_acct, SYS_quotactl,
    /* opens by handle skip every path, and so every mount */
    SYS_open_by_handle_at,
};

#endif
