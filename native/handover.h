/* Listeners made in the sandbox's network namespace and served by the Node process outside: a
 * socket stays in the namespace it was made in (network_namespaces(7)). */
#ifndef SRT_HANDOVER_H
#define SRT_HANDOVER_H

#include "message.h"

/* Opens a TCP listener on 127.0.0.1 for each port. Returns NULL or the step that failed. */
const char *open_listeners(const struct start *start);

/* Sends the next listener over IPC_FD as Node's net.Native handle and closes our copy.
 * Does nothing when all are sent. Returns NULL or the step that failed. */
const char *hand_over_next(void);

/* Reads IPC_FD once; an acknowledgement sends the next listener. Returns 1, or 0 at end of
 * file, or -1 with errno. */
int read_acknowledgement(void);

#endif
