/* bind(2), which is done here, so that what was bound inside is known (bound-sockets.h): a path that a
 * process of the host bound must not pass for one. */
#ifndef SRT_UNIX_BIND_H
#define SRT_UNIX_BIND_H

#include <linux/seccomp.h>
#include <stdbool.h>

/* Answers the call, and returns true. */
bool consider_bind(const struct seccomp_notif *call);

#endif
