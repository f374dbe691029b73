/* Connects of programs that know nothing of proxies: one to elsewhere than the sandbox's loopback
 * waits for srt's verdict, and then that same socket is connected to the gateway.
 *
 * What we read of the caller can change behind our back, and here that is no matter: the network
 * namespace has nowhere to go but its loopback. A call of which we cannot say what it is goes on
 * as it would without us, and the kernel has the answer. */
#ifndef SRT_CONNECT_H
#define SRT_CONNECT_H

#include <linux/seccomp.h>
#include <stdbool.h>

/* Returns whether the call now waits for srt, which was sent a CONNECT. */
bool consider_connect(const struct seccomp_notif *call);

/* Lets those go that do not wait any more, or have a signal. Returns whether others wait. */
bool sweep_connects(void);

enum { VERDICT_LENGTH = 8 };

/* A VERDICT from srt. */
void take_verdict(const char payload[VERDICT_LENGTH]);

#endif
