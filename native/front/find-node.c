#define _GNU_SOURCE
#include "find-node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USUAL "/usr/local/bin:/bin:/usr/bin"

static bool is(const char *name, size_t length, const char *wanted) {
  return length == strlen(wanted) && memcmp(name, wanted, length) == 0;
}

/* Whether the last two names are those of a project's programs, however many slashes and dots are between. */
static bool is_projects(const char *folder, const char *end) {
  bool modules = false, programs = false;
  while (folder < end) {
    size_t length = strcspn(folder, "/:");
    if (length > 0 && !is(folder, length, ".")) {
      programs = modules && is(folder, length, ".bin");
      modules = is(folder, length, "node_modules");
    }
    folder += length + 1;
  }
  return programs;
}

static bool is_users(const char *folder, const char *end) {
  return folder[0] == '/' && !is_projects(folder, end);
}

static bool is_program(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

bool find_node(char path[PATH_MAX]) {
  const char *list = getenv("PATH");
  for (const char *folder = list ? list : USUAL; folder;) {
    const char *end = strchrnul(folder, ':');
    size_t length = (size_t)(end - folder);
    if (is_users(folder, end)) {
      int made = snprintf(path, PATH_MAX, "%.*s/node", (int)length, folder);
      if (made > 0 && made < PATH_MAX && is_program(path)) return true;
    }
    folder = *end ? end + 1 : NULL;
  }
  return false;
}
