#define _GNU_SOURCE
#include "connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "caller.h"
#include "cursor.h"
#include "descriptors.h"
#include "fail.h"
#include "gateway.h"
#include "message.h"
#include "notify.h"
#include "pending.h"
#include "sweep.h"
#include "unix-sockets.h"

/* Tells srt from which port it comes, or 0 that it does not. */
static void report_source(const struct pending *pending, uint16_t port) {
  char payload[7];
  put_u32(payload, pending->id);
  payload[4] = pending->to.ss_family == AF_INET6 && !is_mapped(&pending->to) ? 6 : 4;
  put_u16(payload + 5, port);
  if (send_frame(CONTROL_FD, MESSAGE_CONNECTING, payload, sizeof payload) != 0)
    _exit(EXIT_SRT_FAILED);
}

static uint16_t source_of(int fd) {
  struct sockaddr_storage own;
  socklen_t length = sizeof own;
  return getsockname(fd, (struct sockaddr *)&own, &length) == 0 ? port_of(&own) : 0;
}

void take_verdict(const char payload[VERDICT_LENGTH]) {
  struct pending *pending = find_pending(get_u32(payload));
  if (!pending) fail_init("verdict", EPROTO);
  int error = (int)get_u32(payload + 4);
  if (error != 0) {
    finish(pending, error);
    return;
  }
  bool goes_on = false;
  error = pending->cancelled || !call_waits(pending->call) ? EINTR : 0;
  if (error == 0) goes_on = connect_pending(pending, &error);
  /* One that was put off until something is sent is done (tcp(7), TCP_FASTOPEN_CONNECT). */
  bool begun = error == 0 || error == EINPROGRESS;
  report_source(pending, begun ? source_of(pending->watch.fd) : 0);
  if (!goes_on) finish(pending, error);
}

static void ask(const struct pending *pending, const struct sockaddr_storage *to, bool blocking) {
  char payload[28 + 16] = {0};
  put_u32(payload, pending->id);
  put_u32(payload + 4, (uint32_t)pending->caller);
  payload[8] = blocking;
  payload[9] = to->ss_family == AF_INET6 ? 6 : 4;
  put_u16(payload + 10, port_of(to));
  if (to->ss_family == AF_INET6)
    memcpy(payload + 12, &((const struct sockaddr_in6 *)to)->sin6_addr, 16);
  else memcpy(payload + 12, &((const struct sockaddr_in *)to)->sin_addr, 4);
  size_t name = read_name(pending->caller, payload + 28);
  if (send_frame(CONTROL_FD, MESSAGE_CONNECT, payload, 28 + name) != 0) _exit(EXIT_SRT_FAILED);
}

/* Whether srt is to decide about it: then it is to be connected to the gateway. */
static bool is_for_gateway(const struct pending *pending, struct sockaddr_storage *gateway,
                           socklen_t *length) {
  const struct sockaddr_storage *to = &pending->to;
  return leads_away(to, pending->length) && gateway_for(to, gateway, length) != AF_UNSPEC &&
         is_unconnected_tcp(pending->watch.fd, to->ss_family);
}

static void ask_for_gateway(struct pending *pending, const struct sockaddr_storage *gateway,
                            socklen_t length) {
  struct sockaddr_storage to = pending->to;
  pending->to = *gateway;
  pending->length = length;
  ask(keep(pending), &to, !(fcntl(pending->watch.fd, F_GETFL) & O_NONBLOCK));
  expect_sweep();
}

/* Where there are no Unix sockets, what cannot be seen is harmless, and the kernel's to answer. */
static bool answer_unseen(uint64_t call, int error) {
  if (!has_unix_sockets()) return false;
  answer_call(call, error);
  return true;
}

bool consider_connect(const struct seccomp_notif *call) {
  struct pending pending = {.call = call->id, .caller = (pid_t)call->pid, .object = -1};
  int fd = pending.watch.fd = copy_socket(call);
  int error = fd < 0 ? errno : read_address(call, &pending.to, &pending.length);
  if (error != 0) {
    if (fd >= 0) (void)close(fd);
    return answer_unseen(call->id, error);
  }
  /* The process may be gone and its number another's: then so was what we looked at. */
  if (!call_waits(call->id)) error = EINTR;
  else if (is_unix_path(fd, &pending.to, pending.length))
    error = find_unix_socket(pending.caller, &pending.to, &pending.length, &pending.object);
  struct sockaddr_storage gateway;
  socklen_t length;
  if (error == 0 && is_for_gateway(&pending, &gateway, &length)) {
    ask_for_gateway(&pending, &gateway, length);
    return true;
  }
  struct pending *kept = keep(&pending);
  if (error != 0 || !connect_pending(kept, &error)) finish(kept, error);
  return true;
}
