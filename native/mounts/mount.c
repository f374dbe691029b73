#define _GNU_SOURCE
#include "mount.h"

#include <stdlib.h>
#include <string.h>

enum { SEALED = 1, KNOWN = 2, SMALLEST = 1 + 1 + 4 + 8 + 8 + 5 + 2 + 5 };

bool is_own(const struct mount *mount) {
  return mount->op == MOUNT_TMPFS || mount->op == MOUNT_PROC || mount->op == MOUNT_DEV;
}

static bool may_be_root(enum mount_op op) {
  return op == MOUNT_BIND || op == MOUNT_RO_BIND || op == MOUNT_TMPFS;
}

static bool is_mount(enum mount_op op) {
  return op < MAKE_LINK;
}

static bool is_bind(enum mount_op op) {
  return op == MOUNT_BIND || op == MOUNT_RO_BIND;
}

/* What is in a file is anything; all else is a string for the kernel. */
static void take_text(struct cursor *in, struct mount *mount) {
  mount->text_length = take_u32(in);
  mount->text = take(in, mount->text_length);
  const char *end = take(in, 1);
  if (in->broken) return;
  bool whole = *end == '\0' && (mount->op == MOUNT_FILE ||
                                !memchr(mount->text, '\0', mount->text_length));
  if (!whole || (is_bind(mount->op) && mount->text[0] != '/')) in->broken = true;
}

static struct mount take_mount(struct cursor *in, size_t number) {
  struct mount mount = {.fd = -1};
  unsigned char op = take_u8(in);
  unsigned char flags = take_u8(in);
  if (op > MAKE_FOLDER || flags > (SEALED | KNOWN)) in->broken = true;
  mount.op = op;
  mount.sealed = flags & SEALED;
  mount.known = flags & KNOWN;
  mount.parent = take_u32(in);
  if (number == 0 ? mount.parent != 0 || !may_be_root(op) : mount.parent >= number)
    in->broken = true;
  mount.device = take_u64(in);
  mount.inode = take_u64(in);
  mount.below = take_string(in);
  mount.mode = take_u16(in);
  take_text(in, &mount);
  return mount;
}

struct mount *take_mounts(struct cursor *in, size_t *count) {
  *count = take_u32(in);
  if (in->broken || *count == 0 || *count > in->left / SMALLEST) {
    in->broken = true;
    return NULL;
  }
  struct mount *mounts = calloc(*count, sizeof *mounts);
  if (!mounts) in->broken = true;
  for (size_t i = 0; !in->broken && i < *count; i++) {
    mounts[i] = take_mount(in, i);
    if (!in->broken && !is_mount(mounts[mounts[i].parent].op)) in->broken = true;
  }
  return mounts;
}
