#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "fail.h"

enum { FIRST_FD = 3, MAX_FILES = 1024 };

static int wait_for_lock(int fd) {
  int result;
  do result = flock(fd, LOCK_EX);
  while (result != 0 && errno == EINTR);
  if (result == 0) return 0;
  perror("flock");
  return EXIT_SRT_FAILED;
}

static int try_locks(long count) {
  for (int fd = FIRST_FD; fd < FIRST_FD + count; fd++) {
    int result = flock(fd, LOCK_EX | LOCK_NB);
    if (result != 0 && errno != EWOULDBLOCK) {
      perror("flock");
      return EXIT_SRT_FAILED;
    }
    if (putchar(result == 0 ? '1' : '0') == EOF) return EXIT_SRT_FAILED;
  }
  return fflush(stdout) == 0 ? 0 : EXIT_SRT_FAILED;
}

int lock_files(const char *how, const char *count) {
  char *end;
  long files = strtol(count, &end, 10);
  if (*end != '\0' || files < 1 || files > MAX_FILES) return EXIT_SRT_FAILED;
  if (strcmp(how, "try") == 0) return try_locks(files);
  if (strcmp(how, "wait") == 0 && files == 1) return wait_for_lock(FIRST_FD);
  return EXIT_SRT_FAILED;
}
