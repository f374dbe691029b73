#define _GNU_SOURCE
#include "handover.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "message.h"
#include "pass.h"

enum { ROOM = 256, LINE = 128 };

struct parcel {
  int fd;
  char line[LINE];
};

static struct parcel waiting[ROOM]; /* a ring */
static size_t first, count;
static bool announced, under_way;

/* One is under way at a time: Node could not tell two that come in one read apart. */
static const char *send_next(void) {
  if (under_way || count == 0) return NULL;
  if (!announced && send_frame(CONTROL_FD, MESSAGE_SOCKETS, NULL, 0) != 0)
    return "hand a socket to srt";
  announced = true;
  const struct parcel *parcel = &waiting[first];
  /* The line is the one that Node's own child processes send (lib/internal/child_process.js);
   * test/unit/supervisor holds the contract for each Node version. */
  if (send_with_fd(IPC_FD, parcel->line, strlen(parcel->line), parcel->fd) != 0)
    return "hand a socket to srt";
  if (close(parcel->fd) != 0) return "close a socket";
  first = (first + 1) % ROOM;
  count--;
  under_way = true;
  return NULL;
}

const char *hand_over(int fd, const char *type, const char *about) {
  struct parcel *parcel = &waiting[(first + count) % ROOM];
  if (count == ROOM) {
    (void)close(fd);
    errno = ENOBUFS;
    return "hand a socket to srt";
  }
  parcel->fd = fd;
  int length = snprintf(parcel->line, LINE, "{\"cmd\":\"NODE_HANDLE\",\"type\":\"%s\",\"msg\":%s}\n",
                        type, about);
  if (length < 0 || length >= LINE) {
    (void)close(fd);
    errno = EMSGSIZE;
    return "hand a socket to srt";
  }
  count++;
  return send_next();
}

int read_acknowledgement(void) {
  char buffer[512];
  ssize_t got = read(IPC_FD, buffer, sizeof buffer);
  if (got < 0) return errno == EINTR || errno == EAGAIN ? 1 : -1;
  if (got == 0) return 0;
  /* One handle is under way at a time, so a line means that it has arrived. */
  if (!memchr(buffer, '\n', (size_t)got)) return 1;
  under_way = false;
  return send_next() ? -1 : 1;
}
