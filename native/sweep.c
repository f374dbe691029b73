#define _GNU_SOURCE
#include "sweep.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "fail.h"
#include "loop.h"

enum { INTERVAL_MS = 50 };

static struct watch timer = {.fd = -1};
static bool (*const *all)(void);
static int sweeps;
static bool expected;

void expect_sweep(void) {
  if (expected || timer.fd < 0) return;
  struct itimerspec once = {.it_value = {.tv_nsec = INTERVAL_MS * 1000000L}};
  if (timerfd_settime(timer.fd, 0, &once, NULL) != 0) fail_init("set a timer", errno);
  expected = true;
}

static void sweep(struct watch *watch, uint32_t events) {
  (void)events;
  uint64_t expirations;
  if (read(watch->fd, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
    fail_init("read a timer", errno);
  expected = false;
  bool more = false;
  for (int i = 0; i < sweeps; i++) more |= all[i]();
  if (more) expect_sweep();
}

void start_sweeps(bool (*const *list)(void), int count) {
  all = list;
  sweeps = count;
  timer = (struct watch){.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                         .ready = sweep};
  if (timer.fd < 0) fail_init("make a timer", errno);
  loop_add(&timer, EPOLLIN);
}
