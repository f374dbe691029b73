#define _GNU_SOURCE
#include "placements.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* <sys/mount.h> of older C libraries lacks them, and <linux/mount.h> does not go with it. */
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#define MOVE_MOUNT_T_EMPTY_PATH 0x00000040
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif

/* src/compile/bubblewrap/placements.ts: bubblewrap makes each mount there, by its number. */
#define STAGE_PARENT "/dev/shm"
#define STAGE ".srt"

enum { NAME_SIZE = 24 };

static int look_up(int above, const char *below) {
  if (*below == '\0') return fcntl(above, F_DUPFD_CLOEXEC, 0);
  struct open_how how = {
      .flags = O_PATH | O_CLOEXEC,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  return (int)syscall(SYS_openat2, above, below, &how, sizeof how);
}

/* Only ever in what is the sandbox's own, where nothing else runs yet. */
static int make_mount_point(int above, const char *below, bool folder) {
  char path[PATH_MAX];
  size_t length = strlen(below);
  if (length >= sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(path, below, length + 1);
  for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdirat(above, path, 0755) != 0 && errno != EEXIST) return -1;
    *slash = '/';
  }
  return folder ? mkdirat(above, path, 0755) : mknodat(above, path, S_IFREG | 0444, 0);
}

static int look_at(int fd, struct statx *status) {
  return statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, status);
}

static bool same(const struct statx *a, const struct statx *b) {
  return a->stx_ino == b->stx_ino && a->stx_dev_major == b->stx_dev_major &&
         a->stx_dev_minor == b->stx_dev_minor;
}

static bool is_known_as(const struct statx *status, const struct placement *placement) {
  return status->stx_ino == placement->inode &&
         makedev(status->stx_dev_major, status->stx_dev_minor) == placement->device;
}

static const char *changed(int error) {
  errno = error;
  return PLACE_CHANGED;
}

/* The kernel and bubblewrap alone decide what is there. */
static const char *check_in_place(int target) {
  struct statx status;
  if (look_at(target, &status) != 0) return "look at a mount";
  if (status.stx_attributes & status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) return NULL;
  return changed(EINVAL);
}

static const char *check_staged(const struct placement *placement, bool own, int staged,
                                int target) {
  struct statx shown;
  struct statx covered;
  if (look_at(staged, &shown) != 0 || look_at(target, &covered) != 0) return "look at a mount";
  /* In what is the sandbox's own, the target is a mount point that was made for this. */
  if (!own && placement->known && !is_known_as(&covered, placement)) return changed(ESTALE);
  if (placement->kind != PLACE_BIND) return NULL;
  bool right = placement->known ? is_known_as(&shown, placement) : same(&shown, &covered);
  return right ? NULL : changed(ESTALE);
}

static const char *find_target(const struct placement *placement, const struct placement *around,
                               bool folder, int *target) {
  *target = look_up(around->fd, placement->below);
  if (*target < 0 && errno == ENOENT && around->own) {
    if (make_mount_point(around->fd, placement->below, folder) != 0) return "make a mount point";
    *target = look_up(around->fd, placement->below);
  }
  if (*target >= 0) return NULL;
  bool moved = errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EXDEV;
  return moved ? PLACE_CHANGED : "look up";
}

/* `staged` is the mount itself, and goes on to be it wherever it is. */
static const char *move_staged(const struct placement *placement, const struct placement *around,
                               int staged) {
  struct statx status;
  if (look_at(staged, &status) != 0) return "look at a mount";
  int target;
  const char *problem = find_target(placement, around, S_ISDIR(status.stx_mode), &target);
  if (problem) return problem;
  problem = check_staged(placement, around->own, staged, target);
  unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  if (!problem && syscall(SYS_move_mount, staged, "", target, "", flags) != 0) problem = "move";
  int error = errno;
  (void)close(target);
  errno = error;
  return problem;
}

static const char *take_from_stage(struct placement *placement, const struct placement *around,
                                   int stage, size_t number) {
  char name[NAME_SIZE];
  (void)snprintf(name, sizeof name, "%zu", number);
  unsigned int clone = OPEN_TREE_CLONE | O_CLOEXEC | AT_SYMLINK_NOFOLLOW;
  placement->fd = placement->kind == PLACE_FILE
                      ? (int)syscall(SYS_open_tree, stage, name, clone)
                      : openat(stage, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (placement->fd < 0) return "find";
  const char *problem = move_staged(placement, around, placement->fd);
  if (problem) return problem;
  if (unlinkat(stage, name, 0) != 0 &&
      (errno != EISDIR || unlinkat(stage, name, AT_REMOVEDIR) != 0))
    return "clear the stage";
  return NULL;
}

/* Only now, because until then mount points were made in it. */
static const char *finish(struct placement *placement) {
  const char *problem = NULL;
  if (placement->sealed) {
    char path[NAME_SIZE + sizeof "/proc/self/fd/"];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", placement->fd);
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV;
    if (mount(NULL, path, NULL, flags, NULL) != 0) problem = "make read-only";
  }
  if (!problem && close(placement->fd) != 0) problem = "close";
  placement->fd = -1;
  return problem;
}

static const char *place(struct start *start, int stage, size_t number) {
  struct placement *placement = &start->placement[number];
  struct placement *around = &start->placement[placement->parent];
  if (placement->kind != PLACE_IN_PLACE) return take_from_stage(placement, around, stage, number);
  placement->fd = number == 0 ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)
                              : look_up(around->fd, placement->below);
  return placement->fd < 0 ? "find" : check_in_place(placement->fd);
}

static const char *place_all(struct start *start, int stage, size_t *at) {
  for (size_t i = 0; i < start->placements; i++)
    start->placement[start->placement[i].parent].holds = true;
  for (*at = 0; *at < start->placements; ++*at) {
    const char *problem = place(start, stage, *at);
    /* One that nothing lies in needs no descriptor any more, and there can be thousands. */
    if (!problem && !start->placement[*at].holds) problem = finish(&start->placement[*at]);
    if (problem) return problem;
  }
  for (*at = 0; *at < start->placements; ++*at) {
    if (!start->placement[*at].holds) continue;
    const char *problem = finish(&start->placement[*at]);
    if (problem) return problem;
  }
  return NULL;
}

const char *place_mounts(struct start *start, size_t *at) {
  *at = 0;
  /* By descriptors, for a mount may be placed on the folder itself. */
  int parent = open(STAGE_PARENT, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int stage = parent < 0 ? -1 : openat(parent, STAGE, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  /* bubblewrap makes it for the first mount that is to be placed. */
  if (parent < 0 || (stage < 0 && errno != ENOENT)) return "open the stage";
  const char *problem = place_all(start, stage, at);
  if (problem) return problem;
  if (stage >= 0 && (close(stage) != 0 || unlinkat(parent, STAGE, AT_REMOVEDIR) != 0))
    return "clear the stage";
  return close(parent) == 0 ? NULL : "close";
}
