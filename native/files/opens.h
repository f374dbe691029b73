/* open(2) for writing or with O_CREAT, and truncate(2), which is one. The caller gets a descriptor
 * of what was opened here. */
#ifndef SRT_OPENS_H
#define SRT_OPENS_H

#include <stdbool.h>
#include <stdint.h>

#include "process.h"

/* The object of a call, and what the caller wants of it. */
struct opening {
  uint64_t call;
  pid_t caller; /* the thread */
  int flags; /* of open(2) */
  mode_t mode;
  bool truncating; /* truncate(2): to `length`, and then 0 is the answer */
  off_t length;
};

/* Answers the call, now or once what it waits for has come. */
void open_path(const struct process *process, int dirfd, unsigned long path,
               const struct opening *opening);

#endif
