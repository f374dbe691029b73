/* Which system calls change files by name or mode, and what their arguments are. */
#ifndef SRT_CALLS_H
#define SRT_CALLS_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>

#include "process.h"

struct file_call {
  int number;
  /* The argument that has flags of open(2), or -1: without one that writes or creates, the call is
   * the kernel's alone. */
  int flags;
  /* 0 or the errno for the caller; who `opens` answers by itself. */
  int (*perform)(const struct seccomp_notif *call, const struct process *process);
  bool opens;
};

extern const struct file_call file_calls[];
extern const size_t file_call_count;

/* Returns whether the call was one of these; then it is answered, or will be. */
bool consider_file_call(const struct seccomp_notif *call);

/* From process 1, when the command has ended: nothing is changed any more from now on, and what was
 * is told. */
void finish_file_calls(void);

#endif
