/* Calls that make or remove a name, or change its mode: done here, at the place that was judged. */
#ifndef SRT_CHANGES_H
#define SRT_CHANGES_H

#include <linux/seccomp.h>

#include "process.h"

/* Each takes the call's own arguments, and returns 0 or the errno for the caller. */
int make_folder(const struct process *process, int dirfd, unsigned long path, mode_t mode);
int make_node(const struct process *process, int dirfd, unsigned long path, mode_t mode,
              dev_t device);
int make_symlink(const struct process *process, unsigned long target, int dirfd,
                 unsigned long path);
int make_link(const struct process *process, int from, unsigned long path, int to,
              unsigned long name, int flags);
int remove_path(const struct process *process, int dirfd, unsigned long path, int flags);
int change_mode(const struct process *process, int dirfd, unsigned long path, mode_t mode,
                int flags);
int change_mode_of(const struct process *process, int fd, mode_t mode);

#endif
