#define _GNU_SOURCE
#include "dist.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../launch/fail-launch.h"

void find_in_dist(const char *name, char path[PATH_MAX]) {
  ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
  if (length < 0) fail_launch("read /proc/self/exe", errno);
  path[length] = '\0';
  for (int up = 0; up < 2; up++) {
    char *end = strrchr(path, '/');
    if (!end) fail_launch("find srt", ENOENT);
    *end = '\0';
  }
  size_t folder = strlen(path);
  int added = snprintf(path + folder, PATH_MAX - folder, "/%s", name);
  if (added < 0 || (size_t)added >= PATH_MAX - folder) fail_launch("find srt", ENAMETOOLONG);
}
