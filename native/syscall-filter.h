#ifndef SRT_SYSCALL_FILTER_H
#define SRT_SYSCALL_FILTER_H

#include <stdbool.h>

/* Installs the filter on this process for good (seccomp(2); needs no_new_privs). With
 * `foreign_group`, this process is in a process group of the host's, which it must not signal.
 * Returns 0, or -1 with errno. */
int install_syscall_filter(bool foreign_group);

#endif
