#define _GNU_SOURCE
#include "dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cursor.h"
#include "descriptors.h"
#include "fail.h"
#include "handover.h"
#include "loop.h"
#include "message.h"

enum { DIALS = 64 };

struct dial {
  struct watch watch; /* first, so that a watch is its dial */
  uint32_t id;
  uint16_t port;
  bool used;
  bool v6;
};

static struct dial table[DIALS];

static void report(uint32_t id, int error) {
  char payload[8];
  put_u32(payload, id);
  put_u32(payload + 4, (uint32_t)error);
  if (send_frame(CONTROL_FD, MESSAGE_DIALLED, payload, sizeof payload) != 0)
    _exit(EXIT_SRT_FAILED);
}

static void finished(struct watch *watch, uint32_t events);

/* Returns 0 when the connection is on its way, or an errno. */
static int begin(struct dial *dial) {
  int fd = socket(dial->v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  struct sockaddr_in v4 = {.sin_family = AF_INET,
                           .sin_port = htons(dial->port),
                           .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                            .sin6_port = htons(dial->port),
                            .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  const struct sockaddr *address = dial->v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
  if (connect(fd, address, dial->v6 ? sizeof v6 : sizeof v4) != 0 && errno != EINPROGRESS) {
    int error = errno;
    (void)close(fd);
    return error;
  }
  dial->watch = (struct watch){.fd = fd, .ready = finished};
  loop_add(&dial->watch, EPOLLOUT);
  return 0;
}

static void give_up(struct dial *dial, int error) {
  report(dial->id, error);
  dial->used = false;
}

static void finished(struct watch *watch, uint32_t events) {
  (void)events;
  struct dial *dial = (struct dial *)watch;
  loop_remove(watch);
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(watch->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  if (error != 0) {
    (void)close(watch->fd);
    /* Some servers listen on ::1 alone. */
    bool again = !dial->v6;
    dial->v6 = true;
    if (!again || begin(dial) != 0) give_up(dial, error);
    return;
  }
  char about[32];
  (void)snprintf(about, sizeof about, "{\"dial\":%u}", dial->id);
  if (hand_over(watch->fd, "net.Native", about)) give_up(dial, errno);
  dial->used = false;
}

void take_dial(const char *payload, size_t length) {
  if (length != 6) fail_init("dial", EPROTO);
  uint32_t id = get_u32(payload);
  for (size_t i = 0; i < DIALS; i++) {
    if (table[i].used) continue;
    table[i] = (struct dial){.id = id, .port = get_u16(payload + 4), .used = true};
    int error = begin(&table[i]);
    if (error != 0) give_up(&table[i], error);
    return;
  }
  report(id, EAGAIN);
}
