#define _GNU_SOURCE
#include "request-filter.h"

#include <errno.h>
#include <linux/btrfs.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

/* <linux/fs.h> cannot be had along with <sys/mount.h>. */
#define SET_FLAGS _IOW('f', 2, long)           /* FS_IOC_SETFLAGS */
#define SET_ATTRIBUTES _IOC(_IOC_WRITE, 'X', 32, 28) /* FS_IOC_FSSETXATTR */
/* <linux/> has no header for these. The type of a request is in its second byte. */
#define OCFS2_REFLINK _IOC(_IOC_WRITE, 'o', 4, 24)
#define REQUEST_TYPE 0xff00
#define BCACHEFS_TYPE 0xbc00

static const unsigned int refused_requests[] = {
    /* push input into the terminal that the user's shell reads next */
    TIOCSTI, TIOCLINUX,
    /* make a folder one in which `.ENV` is `.env` too (FS_CASEFOLD_FL), which was not so when srt looked */
    SET_FLAGS, SET_ATTRIBUTES,
    /* make and remove names, with a whole tree behind them */
    BTRFS_IOC_SNAP_CREATE, BTRFS_IOC_SNAP_CREATE_V2, BTRFS_IOC_SUBVOL_CREATE,
    BTRFS_IOC_SUBVOL_CREATE_V2, BTRFS_IOC_SNAP_DESTROY, BTRFS_IOC_SNAP_DESTROY_V2, OCFS2_REFLINK};

void filter_ioctl(struct program *p) {
  unsigned short start = begin_call(p, SYS_ioctl);
  load_argument(p, 1);
  for (size_t i = 0; i < sizeof refused_requests / sizeof *refused_requests; i++) {
    jump(p, BPF_JEQ, refused_requests[i], 0, 1);
    refuse(p, EPERM);
  }
  /* so do those of bcachefs, whose numbers have changed */
  statement(p, BPF_ALU | BPF_AND | BPF_K, REQUEST_TYPE);
  jump(p, BPF_JEQ, BCACHEFS_TYPE, 0, 1);
  refuse(p, EPERM);
  end_call(p, start);
}
