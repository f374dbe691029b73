#define _GNU_SOURCE
#include "one-processor.h"

#include <time.h>
#include <unistd.h>

/* No call says whether another processor is asleep, and to hold the caller takes three: where all
 * are busy, it costs more than it saves. So both ways are measured, the slower one now and then. */
enum { AGAIN = 32, WEIGHT = 8, MOST_NS = 200000 };

static _Thread_local long long usual_ns[2]; /* apart, together */
static _Thread_local unsigned int times;

static long long now_ns(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void hold(pid_t caller, struct parted *parted) {
  int here = sched_getcpu();
  if (here < 0 || here >= CPU_SETSIZE) return;
  if (sched_getaffinity(caller, sizeof parted->before, &parted->before) != 0) return;
  if (!CPU_ISSET((size_t)here, &parted->before) || CPU_COUNT(&parted->before) == 1) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET((size_t)here, &one);
  if (sched_setaffinity(caller, sizeof one, &one) == 0) parted->caller = caller;
}

void keep_together(pid_t caller, struct parted *parted) {
  bool better = usual_ns[true] <= usual_ns[false];
  parted->together = ++times % AGAIN == 0 ? !better : better;
  parted->begun_ns = now_ns();
  parted->caller = 0;
  if (parted->together) hold(caller, parted);
}

static void let_go(pid_t caller, const struct parted *parted) {
  /* It may be gone. */
  (void)sched_setaffinity(caller, sizeof parted->before, &parted->before);
}

pid_t fork_here(void) {
  struct parted parted = {.caller = 0};
  pid_t self = getpid();
  hold(self, &parted);
  pid_t child = fork();
  /* Of both, each by itself. */
  if (parted.caller != 0) let_go(0, &parted);
  return child;
}

void part(const struct parted *parted) {
  if (parted->caller != 0) let_go(parted->caller, parted);
  long long took_ns = now_ns() - parted->begun_ns;
  /* Who was made to wait for others says nothing about the way. */
  if (took_ns > MOST_NS) took_ns = MOST_NS;
  long long *usual = &usual_ns[parted->together];
  *usual += (took_ns - *usual) / WEIGHT;
}
