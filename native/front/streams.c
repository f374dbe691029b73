#define _GNU_SOURCE
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "../launch/fail-launch.h"

enum { STREAMS = STDERR_FILENO + 1 };

static int flags[STREAMS];

void take_streams(void) {
  for (int fd = 0; fd < STREAMS; fd++) {
    flags[fd] = fcntl(fd, F_GETFL);
    if (flags[fd] >= 0) continue;
    if (open("/dev/null", O_RDWR) != fd) fail_launch("open /dev/null", errno);
  }
}

void give_streams_back(void) {
  for (int fd = 0; fd < STREAMS; fd++) {
    int now = fcntl(fd, F_GETFL);
    if (flags[fd] < 0 || now < 0 || (flags[fd] & O_NONBLOCK) || !(now & O_NONBLOCK)) continue;
    if (fcntl(fd, F_SETFL, now & ~O_NONBLOCK) != 0) fail_launch("fcntl", errno);
  }
}
