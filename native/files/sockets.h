/* bind(2), which makes a name in the file system where the socket is a Unix one. */
#ifndef SRT_SOCKETS_H
#define SRT_SOCKETS_H

#include <linux/seccomp.h>

#include "process.h"

/* Refuses it to Unix sockets, of which socketpair(2) gives the command some, and does it for others.
 * Returns 0 or the errno for the caller. */
int bind_socket(const struct seccomp_notif *call, const struct process *process);

#endif
