#ifndef SRT_SYSCALL_FILTER_H
#define SRT_SYSCALL_FILTER_H

#include <stdbool.h>

struct mediation {
  int listener; /* where connects wait (connect.h), or -1 */
  int error;    /* why there is none although it was asked for */
};

/* Installs the filter on this process for good (seccomp(2); needs no_new_privs). With
 * `foreign_group`, this process is in a process group of the host's, which it must not signal.
 * With `mediate`, connects wait for whoever has the listener, where the kernel can do that: not
 * below a manager of containers that listens already (EBUSY). Returns 0, or -1 with errno. */
int install_syscall_filter(bool foreign_group, bool mediate, struct mediation *made);

#endif
