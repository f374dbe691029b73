#define _GNU_SOURCE
#include "front-link.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "fail.h"
#include "loop.h"

static bool started_by_front;

bool has_front(void) {
  return started_by_front;
}

struct inherited meet_front(void) {
  struct inherited inherited = {.ignored = 0};
  struct rlimit limit;
  struct stat status;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail_init("getrlimit", errno);
  inherited.descriptors = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit); /* as the front */
  started_by_front = fstat(FRONT_FD, &status) == 0 && S_ISSOCK(status.st_mode);
  if (!started_by_front) return inherited;
  ssize_t got = recv(FRONT_FD, &inherited, sizeof inherited, 0);
  if (got == 0) _exit(EXIT_SRT_FAILED);
  if (got != (ssize_t)sizeof inherited) fail_init("hear the front", got < 0 ? errno : EPROTO);
  return inherited;
}

static void hear_front(struct watch *watch, uint32_t events) {
  (void)events;
  char word;
  /* Node has the other hand on this socket, and says nothing that comes here. */
  if (recv(watch->fd, &word, 1, 0) != 1) _exit(EXIT_SRT_FAILED);
  if (word != WORD_ADOPTED) fail_init("hear the front", EPROTO);
  /* Of a front that is gone by now, the end of file comes next. */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail_init("set the death signal", errno);
}

void tell_front(void) {
  if (!started_by_front) return;
  if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) != 0) fail_init("clear the death signal", errno);
  static const char word = WORD_STARTED;
  if (send(FRONT_FD, &word, 1, MSG_NOSIGNAL) != 1) _exit(EXIT_SRT_FAILED);
  static struct watch front = {.fd = FRONT_FD, .ready = hear_front};
  loop_add(&front, EPOLLIN);
}
