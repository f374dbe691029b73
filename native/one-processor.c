#define _GNU_SOURCE
#include "one-processor.h"

#include <time.h>

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

void part(const struct parted *parted) {
  /* It may be gone. */
  if (parted->caller != 0)
    (void)sched_setaffinity(parted->caller, sizeof parted->before, &parted->before);
  long long took_ns = now_ns() - parted->begun_ns;
  /* Who was made to wait for others says nothing about the way. */
  if (took_ns > MOST_NS) took_ns = MOST_NS;
  long long *usual = &usual_ns[parted->together];
  *usual += (took_ns - *usual) / WEIGHT;
}
