#define _GNU_SOURCE
#include "notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"
#include "must-lock.h"
#include "one-processor.h"

/* Linux 6.6: the caller runs on at once, on our processor, when we answer. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

/* A kernel's structures may be longer than the ones we know. */
enum { ROOM = 512 };

static int calls = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static bool held;

bool call_waits(uint64_t call) {
  return ioctl(calls, SECCOMP_IOCTL_NOTIF_ID_VALID, &call) == 0;
}

static void respond(uint64_t call, int64_t result, int error, uint32_t flags) {
  union {
    struct seccomp_notif_resp response;
    char room[ROOM];
  } sent;
  memset(&sent, 0, sizeof sent);
  sent.response =
      (struct seccomp_notif_resp){.id = call, .val = result, .error = -error, .flags = flags};
  /* ENOENT: a signal took the caller out of its call, or it is gone. */
  if (ioctl(calls, SECCOMP_IOCTL_NOTIF_SEND, &sent.response) != 0 && errno != ENOENT)
    fail_init("answer a system call", errno);
}

void answer_call(uint64_t call, int error) {
  respond(call, 0, error, 0);
}

void answer_with_descriptor(uint64_t call, pid_t caller, int fd, bool close_on_exec) {
  struct seccomp_notif_addfd given = {
      .id = call, .srcfd = (uint32_t)fd, .newfd_flags = close_on_exec ? O_CLOEXEC : 0};
  struct parted parted;
  keep_together(caller, &parted);
  int theirs;
  do theirs = ioctl(calls, SECCOMP_IOCTL_NOTIF_ADDFD, &given);
  while (theirs < 0 && errno == EINTR);
  int error = theirs < 0 ? errno : 0;
  part(&parted);
  /* Not with SECCOMP_ADDFD_FLAG_SEND, which would let the caller go on while ours is open: it closes
   * its own and runs the file (ETXTBSY), or takes a lock that ours still has. */
  (void)close(fd);
  respond(call, error == 0 ? theirs : 0, error, 0);
}

void hold_calls(bool hold) {
  must_lock(&lock);
  held = hold;
  if (!hold) (void)pthread_cond_signal(&released);
  (void)pthread_mutex_unlock(&lock);
}

static void wait_until_released(void) {
  must_lock(&lock);
  while (held) (void)pthread_cond_wait(&released, &lock);
  (void)pthread_mutex_unlock(&lock);
}

/* Since Linux 6.11 they are told apart from a caller that was killed meanwhile only by this. */
static bool is_anybody_left(void) {
  struct pollfd listener = {.fd = calls, .events = POLLIN};
  return poll(&listener, 1, 0) < 0 || !(listener.revents & POLLHUP);
}

const char *use_listener(int listener) {
  struct seccomp_notif_sizes sizes;
  if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0)
    return "ask for the size of notifications";
  if (sizes.seccomp_notif > ROOM || sizes.seccomp_notif_resp > ROOM) {
    errno = E2BIG;
    return "ask for the size of notifications";
  }
  /* Without it, only slower. */
  (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
  calls = listener;
  return NULL;
}

/* Waits in the ioctl itself, and not for the listener to become readable: epoll(7) does not pass on
 * that the caller is about to sleep, and we would often be woken on another processor. */
void serve_calls(bool (*consider)(const struct seccomp_notif *call)) {
  for (;;) {
    wait_until_released();
    union {
      struct seccomp_notif call;
      char room[ROOM];
    } received;
    memset(&received, 0, sizeof received);
    if (ioctl(calls, SECCOMP_IOCTL_NOTIF_RECV, &received.call) != 0) {
      if (errno != ENOENT && errno != EINTR) fail_init("receive a system call", errno);
      if (!is_anybody_left()) return;
      continue;
    }
    uint64_t call = received.call.id;
    if (!consider(&received.call)) respond(call, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
  }
}
