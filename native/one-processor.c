#define _GNU_SOURCE
#include "one-processor.h"

/* Of a thread that has not been kept anywhere; there is nothing else that could change it. */
static _Thread_local cpu_set_t everywhere;
static _Thread_local bool known;

void keep_together(pid_t caller, struct parted *parted) {
  parted->caller = 0;
  if (!known && sched_getaffinity(0, sizeof everywhere, &everywhere) != 0) return;
  known = true;
  int here = sched_getcpu();
  if (here < 0 || here >= CPU_SETSIZE || CPU_COUNT(&everywhere) == 1) return;
  if (sched_getaffinity(caller, sizeof parted->before, &parted->before) != 0) return;
  if (!CPU_ISSET((size_t)here, &parted->before)) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET((size_t)here, &one);
  if (sched_setaffinity(caller, sizeof one, &one) != 0) return;
  parted->caller = caller;
  /* Without it, only slower. */
  (void)sched_setaffinity(0, sizeof one, &one);
}

void part(const struct parted *parted) {
  if (parted->caller == 0) return;
  /* It may be gone. */
  (void)sched_setaffinity(parted->caller, sizeof parted->before, &parted->before);
  (void)sched_setaffinity(0, sizeof everywhere, &everywhere);
}
