#include "loop.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>

#include "fail.h"

static _Thread_local int queue = -1;

void loop_add(struct watch *watch, uint32_t events) {
  if (queue < 0) queue = epoll_create1(EPOLL_CLOEXEC);
  if (queue < 0) fail_init("epoll_create1", errno);
  struct epoll_event event = {.events = events, .data.ptr = watch};
  if (epoll_ctl(queue, EPOLL_CTL_ADD, watch->fd, &event) != 0) fail_init("epoll_ctl", errno);
}

void loop_remove(struct watch *watch) {
  if (epoll_ctl(queue, EPOLL_CTL_DEL, watch->fd, NULL) != 0) fail_init("epoll_ctl", errno);
}

_Noreturn void loop_run(void) {
  for (;;) {
    /* One at a time: what one does may remove the next. */
    struct epoll_event event;
    int found = epoll_wait(queue, &event, 1, -1);
    if (found < 0 && errno != EINTR) fail_init("epoll_wait", errno);
    if (found != 1) continue;
    struct watch *watch = event.data.ptr;
    watch->ready(watch, event.events);
  }
}
