/* One thing of the sandbox's file tree, as srt plans it (src/compile/mounts). */
#ifndef SRT_MOUNT_H
#define SRT_MOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../cursor.h"

enum mount_op {
  MOUNT_BIND = 0,    /* the host's file or folder of that path, with all that is mounted in it */
  MOUNT_RO_BIND = 1, /* the same, read-only */
  MOUNT_TMPFS = 2,
  MOUNT_PROC = 3, /* bubblewrap's */
  MOUNT_DEV = 4,  /* bubblewrap's */
  MOUNT_MASK = 5, /* what nobody can open, where a file is */
  MOUNT_FILE = 6, /* a read-only file of its own */
  /* No mounts, but made in one of the sandbox's own: */
  MAKE_LINK = 7,
  MAKE_FOLDER = 8,
};

/* At `below` in the mount `parent`, which has a smaller number; the first is the root, and lies in
 * itself. */
struct mount {
  enum mount_op op;
  bool sealed; /* to be made read-only when everything in it is placed */
  bool known;  /* what the path was when srt looked at it: */
  uint64_t device;
  uint64_t inode;
  uint32_t parent;
  const char *below;  /* "" for the very place of `parent` */
  const char *text;   /* the host's path of a bind, absolute; what a link leads to; of a file */
  size_t text_length; /* for the content of a file, which can have NULs */
  uint16_t mode;      /* of a tmpfs and of a folder */
  bool holds;         /* others lie in it; this and fd are root.c's */
  int fd;
};

/* Whether it shows nothing of the host's, so that mount points can be made in it. */
bool is_own(const struct mount *mount);

/* u32 count, one at least, and each mount: u8 op, u8 flags (1 sealed, 2 known), u32 parent, u64 device,
 * u64 inode, string below, u16 mode, string text. Allocated; the strings point into the payload.
 * NULL and a broken cursor for anything else. */
struct mount *take_mounts(struct cursor *in, size_t *count);

#endif
