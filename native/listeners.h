/* Sockets made in the sandbox's network namespace and served by the Node process outside: a socket
 * stays in the namespace it was made in (network_namespaces(7)). */
#ifndef SRT_LISTENERS_H
#define SRT_LISTENERS_H

#include "message.h"

/* Opens what START asks for. Each is handed over (handover.h) when something first arrives at it,
 * with its place in START as `{"listener":N}`, so that a command without network costs srt
 * nothing. Returns NULL or the step that failed, with errno. */
const char *open_listeners(const struct start *start);

/* The port of the gateway for sockets of this family; 0 when there is none. */
uint16_t gateway_port(int family);

#endif
