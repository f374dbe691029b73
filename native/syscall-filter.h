#ifndef SRT_SYSCALL_FILTER_H
#define SRT_SYSCALL_FILTER_H

#include <stdbool.h>

#include "message.h"

/* Which calls wait for whoever has the listener. */
struct mediation {
  bool connects; /* connect.h */
  bool sockets;  /* unix-sockets.h: of connects, what lets the command have Unix sockets at all */
  enum mediated_files files; /* files/calls.h */
  int listener;  /* or -1 */
  int error;     /* why connects are not, although it was asked for */
  int files_error; /* the same for files, or 0 */
};

/* Installs the filter on this process for good (seccomp(2); needs no_new_privs). With
 * `foreign_group`, this process is in a process group of the host's, which it must not signal.
 * What cannot be had is left to the kernel, as there can be no listener below a manager of containers
 * that listens already (EBUSY); but with FILES_DECIDED that is a failure. Returns 0, or -1 with errno. */
int install_syscall_filter(bool foreign_group, struct mediation *mediation);

#endif
