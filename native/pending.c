#define _GNU_SOURCE
#include "pending.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "files/process.h"
#include "gateway.h"
#include "notify.h"
#include "sweep.h"

enum { WAITING = 512 };

static struct pending table[WAITING];
static size_t in_use;
static uint32_t turn;

struct pending *keep(const struct pending *given) {
  size_t place = 0;
  while (table[place].used) place++;
  table[place] = *given;
  table[place].used = true;
  table[place].id = (uint32_t)place + WAITING * ++turn;
  hold_calls(++in_use == WAITING);
  return &table[place];
}

struct pending *find_pending(uint32_t id) {
  struct pending *pending = &table[id % WAITING];
  return pending->used && pending->id == id ? pending : NULL;
}

static int set_blocking(int fd, bool blocking) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -1;
  return fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

void finish(struct pending *pending, int error) {
  if (pending->blocking && set_blocking(pending->watch.fd, true) != 0) error = errno;
  if (!pending->cancelled) answer_call(pending->call, error);
  (void)close(pending->watch.fd);
  if (pending->object >= 0) (void)close(pending->object);
  pending->used = false;
  in_use--;
  hold_calls(false);
}

static int connect_once(const struct pending *pending) {
  const struct sockaddr *to = (const struct sockaddr *)&pending->to;
  return connect(pending->watch.fd, to, pending->length) == 0 ? 0 : errno;
}

/* The socket became ready, or its call is given up. */
static void connected(struct watch *watch, uint32_t events) {
  (void)events;
  loop_remove(watch);
  struct pending *pending = (struct pending *)watch;
  /* The second call ends what the first began (connect(2), EINPROGRESS), so that a third is
   * EISCONN, as after a blocking one. */
  finish(pending, connect_once(pending));
}

static int64_t now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000) + time.tv_nsec / 1000000;
}

static int64_t deadline_of(int fd) {
  struct timeval limit = {0};
  socklen_t length = sizeof limit;
  if (getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &length) != 0) return 0;
  if (limit.tv_sec == 0 && limit.tv_usec == 0) return 0;
  return now() + limit.tv_sec * INT64_C(1000) + (limit.tv_usec + 999) / 1000;
}

/* Only these types of sockets wait for their peer; another kind of file has no type. */
static bool can_wait(int fd) {
  int type = socket_option(fd, SO_TYPE);
  return type == SOCK_STREAM || type == SOCK_SEQPACKET;
}

bool connect_pending(struct pending *pending, int *error) {
  int fd = pending->watch.fd;
  int flags = fcntl(fd, F_GETFL);
  pending->blocking = flags >= 0 && !(flags & O_NONBLOCK) && can_wait(fd);
  if (pending->blocking && set_blocking(fd, false) != 0) {
    *error = errno;
    return false;
  }
  *error = connect_once(pending);
  if (!pending->blocking) return false;
  pending->retried = *error == EAGAIN && socket_option(fd, SO_DOMAIN) == AF_UNIX;
  /* EALREADY: another call began it, and one that blocks waits for the end all the same. */
  if (*error != EINPROGRESS && *error != EALREADY && !pending->retried) return false;
  *error = EINPROGRESS;
  pending->deadline = deadline_of(fd);
  expect_sweep();
  if (pending->retried) return true;
  pending->watch.ready = connected;
  loop_add(&pending->watch, EPOLLOUT);
  return true;
}

/* Without WAIT_KILLABLE_RECV the kernel does so by itself; with it, only what kills a caller ends
 * its call. */
static bool is_left(const struct pending *pending) {
  if (!call_waits(pending->call)) return true;
  const struct process *process = find_process(pending->caller);
  return !process || has_signal(process);
}

/* The kernel begins a call anew after a signal only where it has no time limit (signal(7)). */
static void let_go(struct pending *pending) {
  answer_call(pending->call, pending->deadline != 0 ? EINTR : RESTART);
  pending->cancelled = true;
  if (pending->watch.ready) connected(&pending->watch, 0);
  else if (pending->retried) finish(pending, 0);
}

static void look_again(struct pending *pending) {
  bool late = pending->deadline != 0 && now() >= pending->deadline;
  int error = pending->retried ? connect_once(pending) : EINPROGRESS;
  if (pending->retried ? error == EAGAIN && !late : !late) return;
  if (pending->watch.ready) loop_remove(&pending->watch);
  finish(pending, error);
}

bool sweep_connects(void) {
  for (size_t i = 0; i < WAITING; i++) {
    struct pending *pending = &table[i];
    if (!pending->used || pending->cancelled) continue;
    if (is_left(pending)) let_go(pending);
    else if (pending->watch.ready || pending->retried) look_again(pending);
  }
  return in_use > 0;
}
