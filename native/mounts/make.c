#define _GNU_SOURCE
#include "make.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* native/launch/launch.c */
#define HOST "/host"

/* In bubblewrap's root folder. */
#define FILE_NAME "file"

int look_up(int above, const char *below) {
  if (*below == '\0') return fcntl(above, F_DUPFD_CLOEXEC, 0);
  struct open_how how = {
      .flags = O_PATH | O_CLOEXEC,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  return (int)syscall(SYS_openat2, above, below, &how, sizeof how);
}

const char *step_of_path(const char *step) {
  bool moved = errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EXDEV;
  return moved ? PLACE_CHANGED : step;
}

const char *open_sources(struct sources *sources) {
  sources->own = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  sources->host = open(HOST, O_PATH | O_DIRECTORY | O_CLOEXEC);
  sources->null = open("/dev/null", O_PATH | O_CLOEXEC);
  bool opened = sources->own >= 0 && sources->host >= 0 && sources->null >= 0;
  return opened ? NULL : "open what mounts are made of";
}

const char *close_sources(const struct sources *sources) {
  bool closed = close(sources->own) == 0 && close(sources->host) == 0 && close(sources->null) == 0;
  return closed ? NULL : "close";
}

static int add_attributes(int mount, uint64_t attributes, unsigned int flags) {
  struct mount_attr attr = {.attr_set = attributes};
  return (int)syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | flags, &attr, sizeof attr);
}

int make_read_only(int mount) {
  return add_attributes(mount, MOUNT_ATTR_RDONLY, 0);
}

static int clone_mount(int folder, const char *name, unsigned int flags) {
  flags |= OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW;
  return (int)syscall(SYS_open_tree, folder, name, flags);
}

static const char *clone_of_host(struct mount *mount, const struct sources *sources) {
  int source = look_up(sources->host, mount->text + 1);
  if (source < 0) return step_of_path("look up");
  mount->fd = clone_mount(source, "", AT_EMPTY_PATH | AT_RECURSIVE);
  int error = errno;
  (void)close(source);
  errno = error;
  if (mount->fd < 0) return "clone";
  /* bubblewrap restricts by path, and so leaves out what lies below another mount of that path. */
  uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  if (mount->op == MOUNT_RO_BIND) attributes |= MOUNT_ATTR_RDONLY;
  return add_attributes(mount->fd, attributes, AT_RECURSIVE) == 0 ? NULL : "restrict";
}

static int make_tmpfs(unsigned int mode) {
  char text[8];
  (void)snprintf(text, sizeof text, "%o", mode);
  int context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
  if (context < 0) return -1;
  int mount = -1;
  if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "mode", text, 0) == 0 &&
      syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
    mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
                         MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
  int error = errno;
  (void)close(context);
  errno = error;
  return mount;
}

static int write_file(int folder, const char *name, const struct mount *mount) {
  int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
  if (file < 0) return -1;
  size_t done = 0;
  while (done < mount->text_length) {
    ssize_t written = write(file, mount->text + done, mount->text_length - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    done += (size_t)written;
  }
  /* The umask is the caller's. */
  bool whole = done == mount->text_length && fchmod(file, 0444) == 0;
  int error = errno;
  (void)close(file);
  errno = error;
  return whole ? 0 : -1;
}

static const char *make_file(struct mount *mount, const struct sources *sources) {
  if (write_file(sources->own, FILE_NAME, mount) != 0) return "write a file";
  mount->fd = clone_mount(sources->own, FILE_NAME, 0);
  return mount->fd < 0 ? "clone" : NULL;
}

const char *forget_source(const struct mount *mount, const struct sources *sources) {
  if (mount->op != MOUNT_FILE) return NULL;
  return unlinkat(sources->own, FILE_NAME, 0) == 0 ? NULL : "unlink";
}

const char *make_mount(struct mount *mount, const struct sources *sources) {
  switch (mount->op) {
    case MOUNT_BIND:
    case MOUNT_RO_BIND:
      return clone_of_host(mount, sources);
    case MOUNT_TMPFS:
      mount->fd = make_tmpfs(mount->mode);
      return mount->fd < 0 ? "make a tmpfs" : NULL;
    case MOUNT_PROC:
      mount->fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
      return mount->fd < 0 ? "open /proc" : NULL;
    case MOUNT_DEV:
      mount->fd = open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);
      return mount->fd < 0 ? "open /dev" : NULL;
    case MOUNT_MASK:
      /* A device on a mount that has none answers EACCES to every open (open(2)), root's too. */
      mount->fd = clone_mount(sources->null, "", AT_EMPTY_PATH);
      if (mount->fd < 0) return "clone";
      if (add_attributes(mount->fd, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, 0) != 0)
        return "make a mask";
      return NULL;
    case MOUNT_FILE:
      return make_file(mount, sources);
    default:
      errno = EINVAL;
      return "make a mount";
  }
}
