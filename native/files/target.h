/* A path that a call names: what the caller asked for, and the place that it means. */
#ifndef SRT_TARGET_H
#define SRT_TARGET_H

#include <limits.h>

#include "decide.h"

struct target {
  struct attempt attempt;
  struct place place;
  char asked[PATH_MAX];
};

/* Each returns 0 or the errno for the caller; then finish_target, whatever it was. */
int find_target(struct target *target, const struct process *process, enum operation operation,
                int dirfd, unsigned long path, bool follow);

/* For a call that takes AT_EMPTY_PATH: what `dirfd` is, where it is given with no path. */
int find_target_or_start(struct target *target, const struct process *process,
                         enum operation operation, int dirfd, unsigned long path, bool follow,
                         int flags);

/* Reports what the kernel refused because of a mount, and returns the error. */
int finish_target(struct target *target, int error);

/* What is there, or a file where there is nothing. */
enum named named_at(const struct place *place);

/* 0 or the errno of a system call. */
int result(long done);

/* Of a call with an empty path: what the kernel says before it looks at the path, or 0. */
int result_but_for_path(long done);

#endif
