#include "loop.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>

#include "fail.h"
#include "must-lock.h"

static _Thread_local int queue = -1;

int loop_here(void) {
  if (queue < 0) queue = epoll_create1(EPOLL_CLOEXEC);
  if (queue < 0) fail_init("epoll_create1", errno);
  return queue;
}

void loop_join(int loop) {
  queue = loop;
}

void loop_add(struct watch *watch, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = watch};
  if (epoll_ctl(loop_here(), EPOLL_CTL_ADD, watch->fd, &event) != 0) fail_init("epoll_ctl", errno);
}

void loop_remove(struct watch *watch) {
  if (epoll_ctl(queue, EPOLL_CTL_DEL, watch->fd, NULL) != 0) fail_init("epoll_ctl", errno);
}

_Noreturn void loop_run(pthread_mutex_t *turn) {
  for (;;) {
    /* One at a time: what one does may remove the next. */
    struct epoll_event event;
    int found = epoll_wait(queue, &event, 1, -1);
    if (found < 0 && errno != EINTR) fail_init("epoll_wait", errno);
    if (found != 1) continue;
    struct watch *watch = event.data.ptr;
    if (turn) must_lock(turn);
    watch->ready(watch, event.events);
    if (turn) (void)pthread_mutex_unlock(turn);
  }
}
