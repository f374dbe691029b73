#define _GNU_SOURCE
#include "node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../launch/fail-launch.h"
#include "dist.h"
#include "find-node.h"

static int write_entry(int file, const char *entry) {
  size_t left = strlen(entry) + 1;
  while (left > 0) {
    ssize_t written = write(file, entry, left);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -1;
    entry += written;
    left -= (size_t)written;
  }
  return 0;
}

int keep_environment(void) {
  int file = memfd_create("srt-environment", MFD_CLOEXEC);
  for (char **entry = environ; file >= 0 && *entry; entry++)
    if (write_entry(file, *entry) != 0) return -1;
  return file;
}

/* They mean other programs of the user's, and some make Node load code or files before srt's own: the
 * command has them, srt does without. */
static void drop_variables_of_node(void) {
  char **kept = environ;
  for (char **entry = environ; *entry; entry++)
    if (strncmp(*entry, "NODE_", 5) != 0) *kept++ = *entry;
  *kept = NULL;
}

static _Noreturn void become_node(const char *first, const char *second, char **arguments) {
  static char path[PATH_MAX];
  size_t count = 0;
  while (arguments[count]) count++;
  const char **words = calloc(count + 4, sizeof *words);
  if (!words) fail_launch("calloc", errno);
  size_t at = 0;
  words[at++] = "node";
  words[at++] = first;
  if (second) words[at++] = second;
  memcpy(words + at, arguments, count * sizeof *words);
  if (access(first, R_OK) != 0) fail_launch(first, errno);
  if (!find_node(path)) fail_launch("find node, which srt runs in, in PATH", ENOENT);
  (void)execv(path, (char *const *)words);
  fail_launch(path, errno);
}

/* Node lets its children have what lies above a gap in its descriptors, so each gets the lowest number that is
 * free. */
static int keep_open(int fd) {
  int low = fcntl(fd, F_DUPFD, STDERR_FILENO + 1);
  if (low < 0) fail_launch("fcntl", errno);
  if (low < fd) {
    if (close(fd) != 0) fail_launch("close", errno);
    return low;
  }
  if (close(low) != 0) fail_launch("close", errno);
  if (fcntl(fd, F_SETFD, 0) != 0) fail_launch("fcntl", errno);
  return fd;
}

_Noreturn void become_deciding_node(const struct node_descriptors *given, char **arguments) {
  static char path[PATH_MAX];
  char numbers[64];
  find_in_dist("start.cjs", path);
  int all[] = {given->control, given->ipc, given->start, given->words, given->environment};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) all[i] = keep_open(all[i]);
  (void)snprintf(numbers, sizeof numbers, "%d,%d,%d,%d,%d", all[0], all[1], all[2], all[3], all[4]);
  drop_variables_of_node();
  become_node(path, numbers, arguments);
}

_Noreturn void become_lone_node(char **arguments) {
  static char path[PATH_MAX];
  find_in_dist("srt.cjs", path);
  become_node(path, NULL, arguments);
}
