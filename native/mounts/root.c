#define _GNU_SOURCE
#include "root.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "make.h"
#include "place.h"

/* In bubblewrap's own root folder. */
#define NEW_ROOT "new"

static const char *place_root(struct mount *root, const struct sources *sources) {
  const char *problem = make_mount(root, sources);
  if (problem) return problem;
  if (mkdirat(sources->own, NEW_ROOT, 0755) != 0) return "make the root folder";
  int folder = openat(sources->own, NEW_ROOT, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return "open the root folder";
  if (move_mount_onto(root->fd, folder) != 0) return "move";
  return close(folder) == 0 ? NULL : "close";
}

static const char *add(struct mount *mounts, size_t number, const struct sources *sources) {
  struct mount *mount = &mounts[number];
  const struct mount *around = &mounts[mount->parent];
  if (mount->op >= MAKE_LINK) return make_in_mount(mount, around);
  if (number == 0) return place_root(mount, sources);
  const char *problem = make_mount(mount, sources);
  if (!problem) problem = place_mount(mount, around);
  return problem ? problem : forget_source(mount, sources);
}

/* Only now, because until then mount points were made in it. */
static const char *finish(struct mount *mount) {
  if (mount->fd < 0) return NULL;
  if (mount->sealed && make_read_only(mount->fd) != 0) return "make read-only";
  if (close(mount->fd) != 0) return "close";
  mount->fd = -1;
  return NULL;
}

static const char *add_all(struct mount *mounts, size_t count, const struct sources *sources,
                           size_t *at) {
  for (size_t i = 1; i < count; i++) mounts[mounts[i].parent].holds = true;
  mounts[0].holds = true;
  for (*at = 0; *at < count; ++*at) {
    const char *problem = add(mounts, *at, sources);
    /* One that nothing lies in needs no descriptor any more, and there can be thousands. */
    if (!problem && !mounts[*at].holds) problem = finish(&mounts[*at]);
    if (problem) return problem;
  }
  /* The root last: it is entered by its descriptor. */
  for (*at = count - 1; *at > 0; --*at) {
    const char *problem = finish(&mounts[*at]);
    if (problem) return problem;
  }
  return NULL;
}

/* pivot_root(2): with both at ".", the old root lies on the new one, and goes from there. */
static const char *enter(const struct mount *root) {
  if (fchdir(root->fd) != 0) return "enter the root folder";
  if (syscall(SYS_pivot_root, ".", ".") != 0) return "change the root";
  if (umount2(".", MNT_DETACH) != 0) return "leave the old root";
  return chdir("/") == 0 ? NULL : "enter the root folder";
}

const char *enter_root(struct mount *mounts, size_t count, size_t *at) {
  struct sources sources;
  *at = 0;
  const char *problem = open_sources(&sources);
  if (!problem) problem = add_all(mounts, count, &sources, at);
  if (!problem) problem = enter(&mounts[0]);
  if (!problem) problem = finish(&mounts[0]);
  return problem ? problem : close_sources(&sources);
}
