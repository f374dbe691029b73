#define _GNU_SOURCE
#include "listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "handover.h"
#include "loop.h"

struct opened {
  struct watch watch; /* first, so that a watch is its listener */
  unsigned int place;
  const char *type;
};

static struct opened opened[2 * MAX_LISTENERS];
static size_t count;
static uint16_t gateway_v4, gateway_v6;

static void arrived(struct watch *watch, uint32_t events) {
  (void)events;
  const struct opened *listener = (const struct opened *)watch;
  char about[32];
  (void)snprintf(about, sizeof about, "{\"listener\":%u}", listener->place);
  loop_remove(watch);
  const char *problem = hand_over(watch->fd, listener->type, about);
  if (problem) fail_init(problem, errno);
}

/* Non-blocking, because srt's event loop accepts until there is nothing left: without, a sandbox
 * that uses up srt's descriptors would hold that loop in accept(2) for ever. */
static int open_at(const struct sockaddr *address, socklen_t length, int type) {
  int fd = socket(address->sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  int only = 1;
  bool v6 = address->sa_family == AF_INET6;
  if ((!v6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == 0) &&
      bind(fd, address, length) == 0 && (type != SOCK_STREAM || listen(fd, SOMAXCONN) == 0))
    return fd;
  int error = errno;
  (void)close(fd);
  errno = error;
  return -1;
}

static void keep(int fd, size_t place, int type) {
  struct opened *listener = &opened[count++];
  listener->watch = (struct watch){.fd = fd, .ready = arrived};
  listener->place = (unsigned int)place;
  listener->type = type == SOCK_STREAM ? "net.Native" : "dgram.Native";
  loop_add(&listener->watch, EPOLLIN);
}

static int open_v4(uint16_t port, size_t place, int type) {
  struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
  };
  int fd = open_at((struct sockaddr *)&address, sizeof address, type);
  if (fd >= 0) keep(fd, place, type);
  return fd < 0 ? -1 : 0;
}

/* A host without IPv6 has no ::1, and its programs no use for one. */
static void open_v6(uint16_t port, size_t place) {
  struct sockaddr_in6 address = {
      .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int fd = open_at((struct sockaddr *)&address, sizeof address, SOCK_STREAM);
  if (fd < 0) return;
  keep(fd, place, SOCK_STREAM);
  gateway_v6 = port;
}

const char *open_listeners(const struct start *start) {
  for (size_t i = 0; i < start->listeners; i++) {
    const struct listener *wanted = &start->listener[i];
    int type = wanted->kind == LISTEN_UDP ? SOCK_DGRAM : SOCK_STREAM;
    if (open_v4(wanted->port, i, type) != 0) return "listen on the sandbox's loopback";
    if (wanted->kind != LISTEN_GATEWAY) continue;
    gateway_v4 = wanted->port;
    open_v6(wanted->port, i);
  }
  return NULL;
}

uint16_t gateway_port(int family) {
  return family == AF_INET6 ? gateway_v6 : gateway_v4;
}
