#define _GNU_SOURCE
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "make.h"

/* <sys/mount.h> of older C libraries lacks them, and <linux/mount.h> does not go with it. */
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#define MOVE_MOUNT_T_EMPTY_PATH 0x00000040
#endif

/* Only ever in what is the sandbox's own, where nothing else runs yet. */
static int make_folders_above(int around, const char *below) {
  char path[PATH_MAX];
  size_t length = strlen(below);
  if (length >= sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(path, below, length + 1);
  for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdirat(around, path, 0755) != 0 && errno != EEXIST) return -1;
    *slash = '/';
  }
  return 0;
}

static int make_mount_point(int around, const char *below, bool folder) {
  if (make_folders_above(around, below) != 0) return -1;
  return folder ? mkdirat(around, below, 0755) : mknodat(around, below, S_IFREG | 0444, 0);
}

static int look_at(int fd, struct statx *status) {
  return statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, status);
}

static bool same(const struct statx *a, const struct statx *b) {
  return a->stx_ino == b->stx_ino && a->stx_dev_major == b->stx_dev_major &&
         a->stx_dev_minor == b->stx_dev_minor;
}

static bool is_known_as(const struct statx *status, const struct mount *mount) {
  return status->stx_ino == mount->inode &&
         makedev(status->stx_dev_major, status->stx_dev_minor) == mount->device;
}

/* A bind shows what it covers, wherever that is the host's: what srt looked at, or, of a folder that
 * only has to stay where it is, the same on both sides. */
static bool is_right(const struct mount *mount, bool own, const struct statx *shown,
                     const struct statx *covered) {
  /* In what is the sandbox's own, a mount point was made for this. */
  if (!own && mount->known && !is_known_as(covered, mount)) return false;
  if (mount->op != MOUNT_BIND && mount->op != MOUNT_RO_BIND) return true;
  return mount->known ? is_known_as(shown, mount) : same(shown, covered);
}

static const char *find_target(const struct mount *mount, const struct mount *around, bool folder,
                               int *target) {
  *target = look_up(around->fd, mount->below);
  if (*target < 0 && errno == ENOENT && is_own(around)) {
    if (make_mount_point(around->fd, mount->below, folder) != 0) return "make a mount point";
    *target = look_up(around->fd, mount->below);
  }
  return *target >= 0 ? NULL : step_of_path("look up");
}

int move_mount_onto(int mount, int target) {
  unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  return (int)syscall(SYS_move_mount, mount, "", target, "", flags);
}

static const char *move_onto(const struct mount *mount, bool own, const struct statx *shown,
                             int target) {
  struct statx covered;
  if (look_at(target, &covered) != 0) return "look at a mount";
  if (!is_right(mount, own, shown, &covered)) {
    errno = ESTALE;
    return PLACE_CHANGED;
  }
  return move_mount_onto(mount->fd, target) == 0 ? NULL : "move";
}

const char *place_mount(const struct mount *mount, const struct mount *around) {
  struct statx shown;
  if (look_at(mount->fd, &shown) != 0) return "look at a mount";
  int target;
  const char *problem = find_target(mount, around, S_ISDIR(shown.stx_mode), &target);
  if (problem) return problem;
  problem = move_onto(mount, is_own(around), &shown, target);
  int error = errno;
  (void)close(target);
  errno = error;
  return problem;
}

const char *make_in_mount(const struct mount *thing, const struct mount *around) {
  if (!is_own(around)) {
    errno = EINVAL;
    return "make something in what is not the sandbox's own";
  }
  if (make_folders_above(around->fd, thing->below) != 0) return "make a folder";
  bool made = thing->op == MAKE_LINK ? symlinkat(thing->text, around->fd, thing->below) == 0
                                     : mkdirat(around->fd, thing->below, thing->mode) == 0;
  return made ? NULL : "make";
}
