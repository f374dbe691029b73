/* connect(2), which is always done here, on a copy of the caller's socket and of its address: between
 * a look and the kernel's own the caller could put others in their places, and a path leads to the
 * daemons of the host (unix-sockets.h).
 *
 * One of a program that knows nothing of proxies, to elsewhere than the sandbox's loopback, waits
 * for srt's verdict, and then that same socket is connected to the gateway. */
#ifndef SRT_CONNECT_H
#define SRT_CONNECT_H

#include <linux/seccomp.h>
#include <stdbool.h>

/* Returns whether the call was taken; it is answered then, or will be. */
bool consider_connect(const struct seccomp_notif *call);

enum { VERDICT_LENGTH = 8 };

/* A VERDICT from srt. */
void take_verdict(const char payload[VERDICT_LENGTH]);

#endif
