#define _GNU_SOURCE
#include "object.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "process.h"

int path_of_object(int object, char *out) {
  char link[32];
  (void)snprintf(link, sizeof link, "/proc/self/fd/%d", object);
  ssize_t length = readlink(link, out, PATH_MAX - 1);
  if (length < 0) return errno;
  if (length == PATH_MAX - 1) return ENAMETOOLONG;
  out[length] = '\0';
  return 0;
}

int path_of_folder(int folder, char *out) {
  if (fchdir(folder) == 0 && syscall(SYS_getcwd, out, PATH_MAX) > 0) return 0;
  return path_of_object(folder, out);
}

bool is_in_proc(int object) {
  struct statfs system;
  return fstatfs(object, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

bool is_own_file(int object, dev_t device) {
  /* Nothing is mounted any more: what was no procfs stays none. */
  static dev_t other;
  if (device == other && other != 0) return false;
  if (!is_in_proc(object)) {
    other = device;
    return false;
  }
  /* In a procfs of the host we are one of many numbers. */
  char path[2 * PATH_MAX];
  if (path_of_object(object, path) != 0 || strncmp(path, "/proc/", 6) != 0) return true;
  return is_own_thread(strtol(path + 6, NULL, 10));
}
