#define _GNU_SOURCE
#include "connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "caller.h"
#include "cursor.h"
#include "descriptors.h"
#include "fail.h"
#include "files/process.h"
#include "gateway.h"
#include "listeners.h"
#include "loop.h"
#include "message.h"
#include "notify.h"
#include "sweep.h"

enum { WAITING = 512 };

/* A connect that waits: for srt's verdict, then for the gateway. */
struct pending {
  struct watch watch; /* first, so that a watch is its pending; its fd is our copy of the socket */
  uint64_t call;
  uint32_t id;
  bool used;
  pid_t caller;
  bool cancelled; /* its caller does not wait any more, and srt is to be told when it has decided */
  bool blocking; /* the caller's socket, which is non-blocking while we connect it */
  sa_family_t family; /* of the gateway's listener */
  struct sockaddr_storage gateway;
  socklen_t length;
};

static struct pending table[WAITING];
static size_t in_use;
static uint32_t turn;

static struct pending *keep(const struct pending *given) {
  size_t place = 0;
  while (table[place].used) place++;
  table[place] = *given;
  table[place].used = true;
  table[place].id = (uint32_t)place + WAITING * ++turn;
  hold_calls(++in_use == WAITING);
  return &table[place];
}

static void finish(struct pending *pending, int error) {
  if (!pending->cancelled) answer_call(pending->call, error);
  (void)close(pending->watch.fd);
  pending->used = false;
  in_use--;
  hold_calls(false);
}

/* Tells srt from which port it comes, or 0 that it does not. */
static void report_source(const struct pending *pending, uint16_t port) {
  char payload[7];
  put_u32(payload, pending->id);
  payload[4] = pending->family == AF_INET6 ? 6 : 4;
  put_u16(payload + 5, port);
  if (send_frame(CONTROL_FD, MESSAGE_CONNECTING, payload, sizeof payload) != 0)
    _exit(EXIT_SRT_FAILED);
}

static int set_blocking(int fd, bool blocking) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -1;
  return fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

/* The gateway took a blocking caller's connection, or will not. */
static void connected(struct watch *watch, uint32_t events) {
  (void)events;
  loop_remove(watch);
  struct pending *pending = (struct pending *)watch;
  const struct sockaddr *gateway = (const struct sockaddr *)&pending->gateway;
  /* The second call ends what the first began (connect(2), EINPROGRESS), so that a third is
   * EISCONN, as after a blocking one. */
  int error = connect(watch->fd, gateway, pending->length) == 0 ? 0 : errno;
  if (set_blocking(watch->fd, true) != 0) error = errno;
  finish(pending, error);
}

/* srt lets the call go. Not to wait for one caller while others do, the socket is connected as a
 * non-blocking one. Returns 0, EINPROGRESS, or why it could not be. */
static int connect_to_gateway(const struct pending *pending, uint16_t *source) {
  int fd = pending->watch.fd;
  if (!call_waits(pending->call)) return EINTR;
  if (pending->blocking && set_blocking(fd, false) != 0) return errno;
  int error = 0;
  if (connect(fd, (const struct sockaddr *)&pending->gateway, pending->length) != 0) error = errno;
  if (error != 0 && error != EINPROGRESS) return error;
  struct sockaddr_storage own;
  socklen_t length = sizeof own;
  if (getsockname(fd, (struct sockaddr *)&own, &length) != 0) return errno;
  *source = port_of(&own);
  return error;
}

void take_verdict(const char payload[VERDICT_LENGTH]) {
  struct pending *pending = &table[get_u32(payload) % WAITING];
  if (!pending->used || pending->id != get_u32(payload)) fail_init("verdict", EPROTO);
  int error = (int)get_u32(payload + 4);
  if (error != 0) {
    finish(pending, error);
    return;
  }
  uint16_t source = 0;
  error = pending->cancelled ? EINTR : connect_to_gateway(pending, &source);
  report_source(pending, source);
  /* One that was put off until something is sent is done (tcp(7), TCP_FASTOPEN_CONNECT). */
  if (pending->blocking && error == EINPROGRESS) {
    pending->watch.ready = connected;
    loop_add(&pending->watch, EPOLLOUT);
    return;
  }
  if (pending->blocking) (void)set_blocking(pending->watch.fd, true);
  finish(pending, error);
}

static void ask(const struct pending *pending, pid_t pid, const struct sockaddr_storage *to) {
  char payload[28 + 16] = {0};
  put_u32(payload, pending->id);
  put_u32(payload + 4, (uint32_t)pid);
  payload[8] = pending->blocking;
  payload[9] = to->ss_family == AF_INET6 ? 6 : 4;
  put_u16(payload + 10, port_of(to));
  if (to->ss_family == AF_INET6)
    memcpy(payload + 12, &((const struct sockaddr_in6 *)to)->sin6_addr, 16);
  else memcpy(payload + 12, &((const struct sockaddr_in *)to)->sin_addr, 4);
  size_t name = read_name(pid, payload + 28);
  if (send_frame(CONTROL_FD, MESSAGE_CONNECT, payload, 28 + name) != 0) _exit(EXIT_SRT_FAILED);
}

bool consider_connect(const struct seccomp_notif *call) {
  struct sockaddr_storage to;
  socklen_t length = read_address(call, &to);
  if (length == (socklen_t)-1 || !leads_away(&to, length)) return false;
  struct pending pending = {.call = call->id};
  pending.family = gateway_for(&to, &pending.gateway, &pending.length);
  if (pending.family == AF_UNSPEC) return false;
  int fd = copy_socket(call);
  if (fd < 0) return false;
  int flags = fcntl(fd, F_GETFL);
  /* The process may be gone and its number another's: then so was what we looked at. */
  if (flags < 0 || !is_unconnected_tcp(fd, to.ss_family) || !call_waits(call->id)) {
    (void)close(fd);
    return false;
  }
  pending.watch.fd = fd;
  pending.blocking = !(flags & O_NONBLOCK);
  pending.caller = (pid_t)call->pid;
  ask(keep(&pending), (pid_t)call->pid, &to);
  expect_sweep();
  return true;
}

/* Without WAIT_KILLABLE_RECV the kernel does so by itself; with it, only what kills a caller ends
 * its call. */
static bool is_left(const struct pending *pending) {
  if (!call_waits(pending->call)) return true;
  const struct process *process = find_process(pending->caller);
  return !process || has_signal(process);
}

bool sweep_connects(void) {
  for (size_t i = 0; i < WAITING; i++) {
    struct pending *pending = &table[i];
    if (!pending->used || pending->cancelled || !is_left(pending)) continue;
    answer_call(pending->call, RESTART);
    pending->cancelled = true;
    if (pending->watch.ready) connected(&pending->watch, 0);
  }
  return in_use > 0;
}
