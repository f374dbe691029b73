/* The kernel wakes who gets an answer on the processor that answered, if it was asked to
 * (SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP), but not who gets a descriptor: that one is sent to another
 * processor, and where that is asleep, to wake it takes longer than all the rest of an open. */
#ifndef SRT_ONE_PROCESSOR_H
#define SRT_ONE_PROCESSOR_H

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

struct parted {
  bool together;
  long long begun_ns;
  pid_t caller; /* 0: nothing to be undone */
  cpu_set_t before;
};

/* Keeps the caller, which waits, on this thread's processor until part() is called, as far as that has
 * been the quicker way. A caller that may not run on this one is left alone. */
void keep_together(pid_t caller, struct parted *parted);
void part(const struct parted *parted);

/* fork(2) for a process that waits for its child: the kernel starts that on the processor with the least
 * to do, and it may wait there for milliseconds while this one is idle. */
pid_t fork_here(void);

#endif
