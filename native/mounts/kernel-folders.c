#define _GNU_SOURCE
#include "kernel-folders.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

const char *cut_propagation(void) {
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return "make the mounts private";
  return NULL;
}

static int make_read_only(const char *path) {
  if (mount(path, path, NULL, MS_BIND, NULL) != 0) return -1;
  /* The flags of the procfs mount are locked in a user namespace and must be repeated. */
  unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
  return mount(NULL, path, NULL, flags, NULL);
}

/* Folders can hold writable files that are created at any time; a file shows what it is. */
static bool can_be_written(const struct stat *status) {
  return S_ISDIR(status->st_mode) || (S_ISREG(status->st_mode) && (status->st_mode & 0222));
}

const char *cover_proc(void) {
  DIR *proc = opendir("/proc");
  if (!proc) return "open /proc";
  const char *problem = NULL;
  while (!problem) {
    errno = 0;
    const struct dirent *entry = readdir(proc);
    if (!entry) {
      if (errno != 0) problem = "read /proc";
      break;
    }
    if (isdigit((unsigned char)entry->d_name[0]) || entry->d_name[0] == '.') continue;
    char path[sizeof entry->d_name + sizeof "/proc/"];
    (void)snprintf(path, sizeof path, "/proc/%s", entry->d_name);
    struct stat status;
    if (lstat(path, &status) != 0) {
      /* A module was unloaded just now, and its entry with it. */
      if (errno != ENOENT) problem = "look at an entry of /proc";
    } else if (can_be_written(&status) && make_read_only(path) != 0) problem = "cover /proc";
  }
  int error = errno;
  (void)closedir(proc);
  errno = error;
  return problem;
}

/* What a remount in a user namespace must repeat; of statvfs(3) and of mount(2) alike. */
#define LOCKED (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* bubblewrap's list of them (its --dev); /dev/pts is the sandbox's own. */
static const char *const devices[] = {"/dev/null",    "/dev/zero", "/dev/full",   "/dev/random",
                                      "/dev/urandom", "/dev/tty",  "/dev/console"};

const char *protect_devices(void) {
  for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
    struct statvfs mounted;
    if (statvfs(devices[i], &mounted) != 0) {
      if (errno == ENOENT) continue;
      return "look at a device";
    }
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | (mounted.f_flag & LOCKED);
    if (mount(NULL, devices[i], NULL, flags, NULL) != 0) return "protect a device";
  }
  return NULL;
}
